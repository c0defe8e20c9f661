import { arterialCalcification } from './arterialCalcification';
import { atelectasis } from './atelectasis';
import { bronchiectasis } from './bronchiectasis';
import { cardiomegaly } from './cardiomegaly';
import { consolidation } from './consolidation';
import { coronaryCalcification } from './coronaryCalcification';
import { emphysema } from './emphysema';
import { hiatalHernia } from './hiatalHernia';
import { interlobularSeptalThickening } from './interlobularSeptalThickening';
import type { FindingKind } from './kind';
import { lungNodule } from './lungNodule';
import { lungOpacity } from './lungOpacity';
import { lymphadenopathy } from './lymphadenopathy';
import { medicalMaterial } from './medicalMaterial';
import { mosaicAttenuation } from './mosaicAttenuation';
import { peribronchialThickening } from './peribronchialThickening';
import { pericardialEffusion } from './pericardialEffusion';
import { pleuralEffusion } from './pleuralEffusion';
import { pulmonaryFibroticSequela } from './pulmonaryFibroticSequela';

/** Every kind of finding, in the order of painting: what fills the lung over what only tints it. */
export const findingKinds: readonly FindingKind[] = [
  emphysema,
  mosaicAttenuation,
  lungOpacity,
  interlobularSeptalThickening,
  pulmonaryFibroticSequela,
  peribronchialThickening,
  atelectasis,
  consolidation,
  bronchiectasis,
  lungNodule,
  cardiomegaly,
  pericardialEffusion,
  lymphadenopathy,
  hiatalHernia,
  pleuralEffusion,
  arterialCalcification,
  coronaryCalcification,
  medicalMaterial,
];
