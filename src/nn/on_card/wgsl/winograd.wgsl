// A convolution of 3 x 3 by tiles of two by two places. A window of 4 x 4 and the weights of a pair of channels become 16 numbers each, one for every
// frequency: there the convolution is a product of matrices, [32 channels, CI] by [CI, 32 tiles]. A workgroup makes 32 channels of 32 tiles, and holds
// STEP channels of what it reads at a time; 16 threads are one frequency.

const CI = {{ci}}u;
const CO = {{co}}u;
const STEP = 4u;
const CHANNELS = {{channels}}u;
const TILES = {{tiles}}u;

@group(0) @binding(0) var<storage, read> x: array<{{stored}}>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
// As in a convolution by tiles: height and width of the input and of the output, how many rows there are to the windows, how many pictures; rows, columns.
@group(0) @binding(2) var<storage, read> under: array<i32>;
@group(0) @binding(3) var<storage, read_write> output: array<{{stored}}>;
{{more}}

{{x_at}}

// [frequency, step, channel], and the sums of four channels on their way out: [frequency, channel, tile].
var<workgroup> weights: array<f32, 2048>;
// [frequency, step, tile]
var<workgroup> windows: array<f32, 2048>;

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

  // The tile of which this thread brings two lines, and makes places in the end: rows 0 less 2 and 1 with 2, or 2 less 1 and 1 less 3.
  let tile = min(number_of_tile, all - 1u);
  let picture = tile / tiles;
  let down = tile % tiles / tiles_wide;
  let across = tile % tiles_wide;
  let step = index / TILES % STEP;
  let lower = index / (TILES * STEP);
  let places = 2u * down + select(vec3(0u, 1u, 2u), vec3(2u, 1u, 3u), lower == 1u);
  let sign = select(1.0, -1.0, lower == 1u);
  var reached = vec3(-1);
  for (var each = 0u; each < 3u; each++) {
    if (places[each] < rows) { reached[each] = under[6u + places[each]]; }
  }
  var columns = vec4(-1);
  for (var each = 0u; each < 4u; each++) {
    let column = 2u * across + each;
    if (column < wide + 2u) { columns[each] = under[6u + rows + column]; }
  }

  // What this thread adds up: a frequency of eight channels and eight tiles.
  let frequency = index / 16u;
  let eight = 8u * (index % 4u);
  let eight_tiles = 8u * (index / 4u % 4u);
  {{zero}}
  for (var begin = 0u; begin < CI; begin += STEP) {
    let from_channel = begin + step;
    var s = vec4(0.0);
    var t = vec4(0.0);
    if (from_channel < CI) {
      let plane = (picture * CI + from_channel) * height * width;
      for (var each = 0u; each < 4u; each++) {
        let first = number(plane, reached.x, columns[each], width);
        let middle = number(plane, reached.y, columns[each], width);
        let last = number(plane, reached.z, columns[each], width);
        // Above: 0 less 2, 1 with 2. Below: 2 less 1, 1 less 3.
        s[each] = first - select(last, middle, lower == 1u);
        t[each] = middle + sign * last;
      }
    }
    let at_line = (2u * lower * 4u * STEP + step) * TILES + index % TILES;
    windows[at_line] = s.x - s.z;
    windows[at_line + STEP * TILES] = s.y + s.z;
    windows[at_line + 2u * STEP * TILES] = s.z - s.y;
    windows[at_line + 3u * STEP * TILES] = s.y - s.w;
    windows[at_line + 4u * STEP * TILES] = t.x - t.z;
    windows[at_line + 5u * STEP * TILES] = t.y + t.z;
    windows[at_line + 6u * STEP * TILES] = t.z - t.y;
    windows[at_line + 7u * STEP * TILES] = t.y - t.w;
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
      let at = (frequency * STEP + each) * TILES + eight_tiles;
      let low = vec4(windows[at], windows[at + 1u], windows[at + 2u], windows[at + 3u]);
      let high = vec4(windows[at + 4u], windows[at + 5u], windows[at + 6u], windows[at + 7u]);
      {{add}}
    }
    workgroupBarrier();
  }
  // Back from the frequencies, four channels at a time: a thread makes two places beside each other.
  for (var part = 0u; part < CHANNELS; part += 4u) {
    let at = frequency * 4u * TILES + eight_tiles;
    if (eight == part) {
      {{hand_first}}
    }
    if (eight + 4u == part) {
      {{hand_last}}
    }
    workgroupBarrier();
    let made = channel + part + index / TILES % 4u;
    let row = 2u * down + lower;
    if (number_of_tile < all && made < CO && row < tall) {
      var m = vec4(0.0);
      for (var each = 0u; each < 4u; each++) {
        let at = each * 4u * TILES + index % (4u * TILES);
        let middle = weights[at + 4u * 4u * TILES];
        let next = weights[at + 8u * 4u * TILES];
        m[each] = select(weights[at] + middle + next, middle - next - weights[at + 12u * 4u * TILES], lower == 1u);
      }
      let one = vec2(m.x + m.y + m.z, m.y - m.z - m.w){{shift}};
      let at = ((picture * CO + made) * tall + row) * wide + 2u * across;
      {{store}}
    }
    workgroupBarrier();
  }
}
