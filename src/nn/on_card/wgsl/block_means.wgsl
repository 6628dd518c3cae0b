// The mean of each block of a picture's pixels; at its right and lower edge blocks have fewer.

const BLOCK = {{block}}u;

@group(0) @binding(0) var<storage, read> x: array<f32>;
// Height and width, and how many blocks there are down and across.
@group(0) @binding(1) var<storage, read> sizes: array<i32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(64, 1, 1)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let at = (group.y * groups.x + group.x) * 64u + index;
  if (at >= arrayLength(&output)) { return; }
  let height = u32(sizes[0]);
  let width = u32(sizes[1]);
  let down = u32(sizes[2]);
  let across = u32(sizes[3]);
  let plane = at / (down * across);
  let row = at / across % down * BLOCK;
  let column = at % across * BLOCK;
  let last_row = min(row + BLOCK, height);
  let last_column = min(column + BLOCK, width);
  var sum = 0.0;
  for (var y = row; y < last_row; y++) {
    for (var z = column; z < last_column; z++) { sum += x[(plane * height + y) * width + z]; }
  }
  output[at] = sum / f32((last_row - row) * (last_column - column));
}
