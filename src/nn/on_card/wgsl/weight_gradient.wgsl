// A convolution's gradient in its weights: what the places of its output were given [CO, places] by the windows they were made of [places, K],
// K = CI * KERNEL * KERNEL. A workgroup makes TILE x TILE of it from PART places; add_up.wgsl adds the parts up. With a row more, or a column more, of
// ones: the sums over all places of the one side or the other.

const CI = {{ci}}u;
const CO = {{co}}u;
const KERNEL = {{kernel}}u;
const STRIDE = {{stride}}u;
const PADDING = {{padding}}u;
const ROWS = CO{{row}};
const K = CI * KERNEL * KERNEL;
const COLUMNS = K{{column}};
const PART = {{part}}u;
const TILE = 32u;
const STEP = 16u;

// Of the places: their numbers, and those under the windows.
@group(0) @binding(0) var<storage, read> given: array<f32>;
@group(0) @binding(1) var<storage, read> under: array<f32>;
// Height and width of what lies under the windows and of the places, how many pictures.
@group(0) @binding(2) var<storage, read> sizes: array<i32>;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

var<workgroup> left: array<f32, 512>;
var<workgroup> right: array<f32, 512>;

@compute @workgroup_size(16, 16, 1)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let height = u32(sizes[0]);
  let width = u32(sizes[1]);
  let wide = u32(sizes[3]);
  let places = u32(sizes[2]) * wide;
  let all = u32(sizes[4]) * places;
  let first_row = group.y * TILE;
  let first_column = group.x * TILE;
  let begin = group.z * PART;

  var sums = vec4(0.0);
  for (var from_place = begin; from_place < begin + PART; from_place += STEP) {
    for (var at = index; at < TILE * STEP; at += 256u) {
      let place = from_place + at % STEP;
      let picture = place / places;
      let within = place % places;
      let row = first_row + at / STEP;
      let column = first_column + at / STEP;
      var one = 0.0;
      var other = 0.0;
      if (place < all) {
        if (row < CO) { one = given[{{place_given}}]; } else if (row < ROWS) { one = 1.0; }
        if (column < K) {
          let channel = column / (KERNEL * KERNEL);
          let tap = column % (KERNEL * KERNEL);
          let y = i32(within / wide * STRIDE + tap / KERNEL) - i32(PADDING);
          let z = i32(within % wide * STRIDE + tap % KERNEL) - i32(PADDING);
          if (y >= 0 && y < i32(height) && z >= 0 && z < i32(width)) { other = under[{{place_under}}]; }
        } else if (column < COLUMNS) { other = 1.0; }
      }
      left[at % STEP * TILE + at / STEP] = one;
      right[at % STEP * TILE + at / STEP] = other;
    }
    workgroupBarrier();
    for (var step = 0u; step < STEP; step++) {
      let one = vec2(left[step * TILE + local.y], left[step * TILE + 16u + local.y]);
      let other = vec2(right[step * TILE + local.x], right[step * TILE + 16u + local.x]);
      sums += vec4(one.x * other, one.y * other);
    }
    workgroupBarrier();
  }
  for (var each = 0u; each < 4u; each++) {
    let row = first_row + local.y + 16u * (each / 2u);
    let column = first_column + local.x + 16u * (each % 2u);
    if (row < ROWS && column < COLUMNS) { output[(group.z * ROWS + row) * COLUMNS + column] = sums[each]; }
  }
}
