/** One triangle over the whole picture; `place` runs from -1 to 1 across and up. */
export const vertexShader = `#version 300 es
out vec2 place;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0;
  place = corner;
  gl_Position = vec4(corner, 0.0, 1.0);
}`;

/**
 * Follows one ray a pixel through the volume, front to back, until nothing behind can be seen.
 * Lengths are mm from the volume's centre, x to the left, y to the back, z up. Samples lie on a
 * grid along the ray that starts before the volume, so that skipping empty bricks moves none.
 */
export const fragmentShader = (brickEdge: number): string => `#version 300 es
precision highp float;
precision highp sampler3D;
precision highp int;

uniform sampler3D volume;      // levels, 0 to 1
uniform sampler3D smoothed;    // the same, smoothed: for slopes
uniform sampler3D emptiness;   // bricks to the nearest visible one, of 255
uniform sampler2D transfer;    // colour and opacity by level
uniform vec3 sizeMm;
uniform vec3 shape;            // voxels
uniform vec3 centre;
uniform vec3 toViewer;
uniform vec3 right;            // as long as half the picture is wide
uniform vec3 up;               // as long as half the picture is high
uniform float stepMm;
uniform float thick;           // 1: slices are so thick that they show, 0: not
uniform vec4 cut;              // a plane: what is on its positive side is not drawn; zero: none
uniform vec3 light;            // ambient, diffuse, specular

in vec2 place;
out vec4 colour;

// Thick slices are interpolated by a cubic B-spline across, or their steps would show: two
// linear samples at the right places are its four (Sigg and Hadwiger, GPU Gems 2, chapter 20).
float levelAt(sampler3D levels, vec3 at) {
  if (thick == 0.0) {
    return texture(levels, at).r;
  }
  float slice = at.z * shape.z - 0.5;
  float f = fract(slice);
  float g = 1.0 - f;
  float w0 = g * g * g / 6.0;
  float w1 = (4.0 - 6.0 * f * f + 3.0 * f * f * f) / 6.0;
  float w3 = f * f * f / 6.0;
  float w2 = 1.0 - w0 - w1 - w3;
  float before = (floor(slice) - 0.5 + w1 / (w0 + w1)) / shape.z;
  float after = (floor(slice) + 1.5 + w3 / (w2 + w3)) / shape.z;
  return (w0 + w1) * texture(levels, vec3(at.xy, before)).r
       + (w2 + w3) * texture(levels, vec3(at.xy, after)).r;
}

// The slope of the smoothed levels, by central differences of a voxel to each side.
vec3 slopeAt(vec3 at) {
  vec3 d = 1.0 / shape;
  vec3 difference = vec3(
    levelAt(smoothed, at + vec3(d.x, 0, 0)) - levelAt(smoothed, at - vec3(d.x, 0, 0)),
    levelAt(smoothed, at + vec3(0, d.y, 0)) - levelAt(smoothed, at - vec3(0, d.y, 0)),
    levelAt(smoothed, at + vec3(0, 0, d.z)) - levelAt(smoothed, at - vec3(0, 0, d.z)));
  return difference * shape / (2.0 * sizeMm);
}

void main() {
  vec3 along = -toViewer;
  vec3 origin = centre + place.x * right + place.y * up;
  // Where the ray is inside the volume, and on the side of the cut that is drawn.
  vec3 safe = mix(along, vec3(1e-6), lessThan(abs(along), vec3(1e-6)));
  vec3 a = (-0.5 * sizeMm - origin) / safe;
  vec3 b = (0.5 * sizeMm - origin) / safe;
  vec3 near = min(a, b);
  vec3 far = max(a, b);
  float enter = max(near.x, max(near.y, near.z));
  float leave = min(far.x, min(far.y, far.z));
  float cutAt = -1e9;
  if (cut.xyz != vec3(0.0)) {
    float slope = dot(cut.xyz, along);
    float height = dot(cut.xyz, origin) - cut.w;
    if (abs(slope) < 1e-6) {
      leave = height > 0.0 ? enter : leave;
    } else if (slope < 0.0) {
      cutAt = -height / slope;
      enter = max(enter, cutAt);
    } else {
      leave = min(leave, -height / slope);
    }
  }
  colour = vec4(0.0);
  if (leave <= enter) {
    return;
  }
  // Samples of neighbouring pixels are set off against each other, or their layers would show.
  float offset = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
  float first = (floor(enter / stepMm) + offset) * stepMm;
  float t = first < enter ? first + stepMm : first;
  vec3 at0 = origin / sizeMm + 0.5;
  vec3 atStep = along / sizeMm;
  vec3 brickStep = safe / sizeMm * shape / ${brickEdge}.0;
  vec3 ahead = step(0.0, brickStep);
  vec3 lit = normalize(toViewer + 0.35 * normalize(up) - 0.25 * normalize(right));
  vec3 halfway = normalize(lit + toViewer);

  for (int i = 0; i < 4096 && t < leave; i++) {
    vec3 at = at0 + t * atStep;
    vec3 inBricks = at * shape / ${brickEdge}.0;
    vec3 brick = floor(inBricks);
    float empty = floor(255.0 * texelFetch(emptiness, ivec3(brick), 0).r + 0.5);
    if (empty > 0.0) {
      vec3 wall = brick + mix(vec3(1.0 - empty), vec3(empty), ahead);
      vec3 ways = (wall - inBricks) / brickStep;
      float way = max(0.0, min(ways.x, min(ways.y, ways.z)));
      t += (floor(way / stepMm) + 1.0) * stepMm;
      continue;
    }
    vec4 seen = texture(transfer, vec2((255.0 * levelAt(volume, at) + 0.5) / 256.0, 0.5));
    if (seen.a > 0.0005) {
      // On the cut, tissue is shown as it is: its surface is no surface of the patient. What adds
      // next to nothing is not worth fourteen samples.
      if (t - cutAt > stepMm && (1.0 - colour.a) * seen.a > 0.01) {
        vec3 slope = slopeAt(at);
        float steepness = length(slope);
        vec3 normal = slope / max(steepness, 1e-6);
        float facing = abs(dot(normal, lit));
        float shine = pow(abs(dot(normal, halfway)), 24.0);
        seen.rgb = seen.rgb * (light.x + light.y * facing) + light.z * shine;
      }
      colour += (1.0 - colour.a) * seen.a * vec4(min(seen.rgb, 1.0), 1.0);
      if (colour.a > 0.97) {
        colour /= colour.a;
        break;
      }
    }
    t += stepMm;
  }
}`;
