import {
  absolute,
  add,
  cast,
  div,
  exp,
  less,
  log,
  maximum,
  minimum,
  mul,
  negate,
  power,
  sqrt,
  sub,
  where,
} from '../../../../src/graph';
import { integerConstant, type RuleCases } from '../../../graph/ruleCase';

export const elementwiseRules: RuleCases = {
  'add, broadcast both ways': {
    rules: ['Add'],
    shapes: { a: [2, 1, 4], b: [3, 1] },
    build: ({ a, b }) => add(a, b),
  },
  'subtract from a scalar': {
    rules: ['Sub'],
    shapes: { a: [], b: [2, 3] },
    build: ({ a, b }) => sub(a, b),
  },
  'multiply, broadcast': {
    rules: ['Mul'],
    shapes: { a: [4], b: [3, 4] },
    build: ({ a, b }) => mul(a, b),
  },
  'square: both operands the same': {
    rules: ['Mul'],
    shapes: { a: [5] },
    build: ({ a }) => mul(a, a),
  },
  'divide, broadcast': {
    rules: ['Div'],
    shapes: { a: [2, 3], b: [3] },
    build: ({ a, b }) => div(a, b),
    range: [0.5, 2],
  },
  maximum: { rules: ['Max'], shapes: { a: [7], b: [2, 7] }, build: ({ a, b }) => maximum(a, b) },
  'where, broadcast': {
    rules: ['Where'],
    shapes: { a: [3, 1], b: [2, 1, 4] },
    build: ({ a, b }) => where(less(integerConstant(a, [0, 3, 1, 5]), 2), a, b),
  },
  negate: { rules: ['Neg'], shapes: { x: [3] }, build: ({ x }) => negate(x) },
  sqrt: { rules: ['Sqrt'], shapes: { x: [3] }, build: ({ x }) => sqrt(x), range: [0.5, 2] },
  exp: { rules: ['Exp'], shapes: { x: [3] }, build: ({ x }) => exp(x) },
  log: { rules: ['Log'], shapes: { x: [3] }, build: ({ x }) => log(x), range: [0.5, 2] },
  cast: {
    rules: ['Cast'],
    shapes: { x: [3] },
    build: ({ x }) => exp(cast(x, 'float64')),
    type: 'float32',
    notWhollyOnWebgpu: 'no float64',
  },
  minimum: { rules: ['Min'], shapes: { a: [7], b: [2, 7] }, build: ({ a, b }) => minimum(a, b) },
  'power of two operands, broadcast': {
    rules: ['Pow'],
    shapes: { a: [2, 3], b: [3] },
    build: ({ a, b }) => power(a, b),
    range: [0.5, 2],
  },
  'power with a constant exponent, of negative numbers too': {
    rules: ['Pow'],
    shapes: { x: [6] },
    build: ({ x }) => power(x, 3),
  },
  absolute: { rules: ['Abs'], shapes: { x: [6] }, build: ({ x }) => absolute(x) },
};
