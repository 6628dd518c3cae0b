// A convolution of 3 x 3 by tiles of two by two places. A window of 4 x 4 and the weights of a pair of channels become 16 numbers each, one for every
// frequency: there the convolution is a product of matrices, [32 channels, CI] by [CI, 16 tiles]. A workgroup makes 32 channels of 16 tiles, and holds
// STEP channels of what it reads at a time; 16 threads are one frequency.

const CI = {{ci}}u;
const CO = {{co}}u;
const STEP = 4u;
const CHANNELS = 32u;
const TILES = 16u;

@group(0) @binding(0) var<storage, read> x: array<{{stored}}>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
// As in a convolution by tiles: height and width of the input and of the output, how many rows there are to the windows, how many pictures; rows, columns.
@group(0) @binding(2) var<storage, read> under: array<i32>;
@group(0) @binding(3) var<storage, read_write> output: array<{{stored}}>;
{{more}}

{{x_at}}

// [frequency, step, channel], and the sums of eight channels on their way out: [frequency, channel, tile].
var<workgroup> weights: array<f32, 2048>;
// [frequency, step, tile]
var<workgroup> windows: array<f32, 1024>;

fn hand_on(at: u32, four: vec4<f32>) {
  weights[at] = four.x;
  weights[at + 1u] = four.y;
  weights[at + 2u] = four.z;
  weights[at + 3u] = four.w;
}

fn number(plane: u32, row: i32, column: i32, width: u32) -> f32 {
  let value = x_at(plane + u32(max(row, 0)) * width + u32(max(column, 0)));
  return select(0.0, value, row >= 0 && column >= 0);
}

@compute @workgroup_size(256, 1, 1)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let height = u32(under[0]);
  let width = u32(under[1]);
  let tall = u32(under[2]);
  let wide = u32(under[3]);
  let rows = u32(under[4]);
  let tiles_wide = (wide + 1u) / 2u;
  let tiles = (tall + 1u) / 2u * tiles_wide;
  let all = u32(under[5]) * tiles;
  let channel = group.z * CHANNELS;
  let number_of_tile = (group.y * groups.x + group.x) * TILES + index % TILES;

  // The tile that this thread brings a line of, and makes places of in the end.
  let tile = min(number_of_tile, all - 1u);
  let picture = tile / tiles;
  let down = tile % tiles / tiles_wide;
  let across = tile % tiles_wide;
  let step = index / TILES % STEP;
  let line = index / (TILES * STEP);
  // Its rows of the window: 0 less 2, 1 and 2, 2 less 1, 1 less 3.
  var pairs = array(vec2(0u, 2u), vec2(1u, 2u), vec2(2u, 1u), vec2(1u, 3u));
  let pair = 2u * down + pairs[line];
  let sign = select(-1.0, 1.0, line == 1u);
  var reached = vec2(-1);
  if (pair.x < rows) { reached.x = under[6u + pair.x]; }
  if (pair.y < rows) { reached.y = under[6u + pair.y]; }
  var columns = vec4(-1);
  for (var each = 0u; each < 4u; each++) {
    let column = 2u * across + each;
    if (column < wide + 2u) { columns[each] = under[6u + rows + column]; }
  }

  // What this thread adds up: a frequency of eight channels and four tiles.
  let frequency = index / 16u;
  let eight = 8u * (index % 4u);
  let four_tiles = 4u * (index / 4u % 4u);
  {{zero}}
  for (var begin = 0u; begin < CI; begin += STEP) {
    let from_channel = begin + step;
    var t = vec4(0.0);
    if (from_channel < CI) {
      let plane = (picture * CI + from_channel) * height * width;
      for (var each = 0u; each < 4u; each++) {
        t[each] = number(plane, reached.x, columns[each], width) + sign * number(plane, reached.y, columns[each], width);
      }
    }
    let at_line = (line * 4u * STEP + step) * TILES + index % TILES;
    windows[at_line] = t.x - t.z;
    windows[at_line + STEP * TILES] = t.y + t.z;
    windows[at_line + 2u * STEP * TILES] = t.z - t.y;
    windows[at_line + 3u * STEP * TILES] = t.y - t.w;
    if (index < CHANNELS * STEP) {
      let made = index / STEP;
      let read = begin + index % STEP;
      var w = array<vec3<f32>, 3>();
      if (channel + made < CO && read < CI) {
        let first = ((channel + made) * CI + read) * 9u;
        for (var each = 0u; each < 3u; each++) {
          w[each] = vec3(weight[first + 3u * each], weight[first + 3u * each + 1u], weight[first + 3u * each + 2u]);
        }
      }
      let even = 0.5 * (w[0] + w[2]);
      let odd = 0.5 * w[1];
      var lines = array(w[0], even + odd, even - odd, w[2]);
      for (var each = 0u; each < 4u; each++) {
        let g = lines[each];
        let at = (each * 4u * STEP + index % STEP) * CHANNELS + made;
        weights[at] = g.x;
        weights[at + STEP * CHANNELS] = 0.5 * (g.x + g.y + g.z);
        weights[at + 2u * STEP * CHANNELS] = 0.5 * (g.x - g.y + g.z);
        weights[at + 3u * STEP * CHANNELS] = g.z;
      }
    }
    workgroupBarrier();
    for (var each = 0u; each < STEP; each++) {
      let at_weights = (frequency * STEP + each) * CHANNELS + eight;
      let at = (frequency * STEP + each) * TILES + four_tiles;
      let four = vec4(windows[at], windows[at + 1u], windows[at + 2u], windows[at + 3u]);
      {{add}}
    }
    workgroupBarrier();
  }
  // Back from the frequencies, eight channels at a time: a thread makes two places beside each other.
  for (var part = 0u; part < CHANNELS; part += 8u) {
    if (eight == part) {
      let at = frequency * 8u * TILES + four_tiles;
      {{hand}}
    }
    workgroupBarrier();
    let lower = index / 128u;
    let made = channel + part + index / TILES % 8u;
    let row = 2u * down + lower;
    if (number_of_tile < all && made < CO && row < tall) {
      var m = vec4(0.0);
      for (var each = 0u; each < 4u; each++) {
        let at = each * 8u * TILES + index % 128u;
        let middle = weights[at + 4u * 8u * TILES];
        let next = weights[at + 8u * 8u * TILES];
        m[each] = select(weights[at] + middle + next, middle - next - weights[at + 12u * 8u * TILES], lower == 1u);
      }
      let one = vec2(m.x + m.y + m.z, m.y - m.z - m.w){{shift}};
      let at = ((picture * CO + made) * tall + row) * wide + 2u * across;
      {{store}}
    }
    workgroupBarrier();
  }
}
