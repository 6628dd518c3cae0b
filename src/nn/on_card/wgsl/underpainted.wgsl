// What a network adds to the broad colours of a picture, which lie between the means of its blocks.

const BLOCK = {{block}}u;
const LIMIT = {{limit}};

@group(0) @binding(0) var<storage, read> x: array<{{stored}}>;
// Height and width, and how many blocks there are down and across.
@group(0) @binding(1) var<storage, read> sizes: array<i32>;
@group(0) @binding(2) var<storage, read> means: array<f32>;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

{{x_at}}

// Between which two blocks a pixel lies, and how near to the second.
fn between(pixel: u32, blocks: u32) -> vec3<f32> {
  let centre = max((f32(pixel) + 0.5) / f32(BLOCK) - 0.5, 0.0);
  let lower = floor(centre);
  return vec3(lower, min(lower + 1.0, f32(blocks) - 1.0), centre - lower);
}

@compute @workgroup_size(256, 1, 1)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let at = (group.y * groups.x + group.x) * 256u + index;
  if (at >= arrayLength(&output)) { return; }
  let height = u32(sizes[0]);
  let width = u32(sizes[1]);
  let down = u32(sizes[2]);
  let across = u32(sizes[3]);
  let plane = at / (height * width) * down * across;
  let row = between(at / width % height, down);
  let column = between(at % width, across);
  let upper = plane + u32(row.x) * across;
  let lower = plane + u32(row.y) * across;
  let left = mix(means[upper + u32(column.x)], means[lower + u32(column.x)], row.z);
  let right = mix(means[upper + u32(column.y)], means[lower + u32(column.y)], row.z);
  let broad = clamp(mix(left, right, column.z), -LIMIT, LIMIT);
  let under = 0.5 * log((1.0 + broad) / (1.0 - broad));
  output[at] = tanh(clamp(x_at(at) + under, -10.0, 10.0));
}
