// The transpose of a convolution: what each place of its output spreads over the window that it was made of. A phase is the places of one row and one
// column of every STRIDE: they are reached by the same TAPS x TAPS of the kernel, so that nothing is multiplied by a zero between places. Weights
// [CO, K of a phase] by windows [K of a phase, places of a phase], K of a phase = CI * TAPS * TAPS; a workgroup makes CHANNELS x PLACES.

const CI = {{ci}}u;
const CO = {{co}}u;
const KERNEL = {{kernel}}u;
const STRIDE = {{stride}}u;
const PADDING = {{padding}}u;
const TAPS = (KERNEL + STRIDE - 1u) / STRIDE;
const K = CI * TAPS * TAPS;
const STEP = 16u;
const CHANNELS = {{channels}}u;
const PLACES = 64u;
const ACROSS = {{across}}u;
const THREADS = ACROSS * CHANNELS / 4u;

@group(0) @binding(0) var<storage, read> x: array<{{stored}}>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
// Height and width of the input and of the output, how many pictures.
@group(0) @binding(2) var<storage, read> sizes: array<i32>;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;
{{more}}

{{x_at}}

var<workgroup> weights: array<vec4<f32>, {{weights}}>;
var<workgroup> windows: array<f32, {{windows}}>;

fn weight_at(channel: u32, k: u32, phase: vec2<u32>) -> f32 {
  let from_channel = k / (TAPS * TAPS);
  let tap = phase + STRIDE * vec2(k % (TAPS * TAPS) / TAPS, k % TAPS);
  if (channel >= CO || k >= K || any(tap >= vec2(KERNEL))) { return 0.0; }
  return weight[((from_channel * CO + channel) * KERNEL + tap.x) * KERNEL + tap.y];
}

// The first row or column of a phase, and how many there are.
fn begins(phase: u32) -> u32 { return (phase + STRIDE - PADDING % STRIDE) % STRIDE; }
fn how_many(side: u32, begin: u32) -> u32 { return (max(side, begin) - begin + STRIDE - 1u) / STRIDE; }

@compute @workgroup_size({{across}}, {{down}}, 1)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let height = u32(sizes[0]);
  let width = u32(sizes[1]);
  let tall = u32(sizes[2]);
  let wide = u32(sizes[3]);
  let tiles = (CO + CHANNELS - 1u) / CHANNELS;
  let number = group.z / tiles;
  let phase = vec2(number / STRIDE, number % STRIDE);
  let begin_row = begins(phase.x);
  let begin_column = begins(phase.y);
  let many_columns = how_many(wide, begin_column);
  let places = how_many(tall, begin_row) * many_columns;
  let all = u32(sizes[4]) * places;
  let channel = group.z % tiles * CHANNELS;
  let first = (group.y * groups.x + group.x) * PLACES;

  // The place that this thread brings, always the same; a tap further reaches a row or column before.
  let brought = min(first + index % PLACES, max(all, 1u) - 1u);
  let picture = brought / max(places, 1u);
  let row = i32(brought % max(places, 1u) / max(many_columns, 1u) + (begin_row + PADDING - phase.x) / STRIDE);
  let column = i32(brought % max(many_columns, 1u) + (begin_column + PADDING - phase.y) / STRIDE);

  {{zero}}
  for (var begin = 0u; begin < K; begin += STEP) {
    for (var at = index; at < STEP * CHANNELS / 4u; at += THREADS) {
      let k = begin + at % STEP;
      let four = channel + 4u * (at / STEP);
      weights[(at % STEP) * (CHANNELS / 4u) + at / STEP] = vec4(weight_at(four, k, phase), weight_at(four + 1u, k, phase), weight_at(four + 2u, k, phase), weight_at(four + 3u, k, phase));
    }
    for (var step = index / PLACES; step < STEP; step += THREADS / PLACES) {
      let k = begin + step;
      let from_channel = k / (TAPS * TAPS);
      let y = row - i32(k % (TAPS * TAPS) / TAPS);
      let z = column - i32(k % TAPS);
      var value = 0.0;
      if (k < K && y >= 0 && y < i32(height) && z >= 0 && z < i32(width)) { value = x_at({{place_in}}); }
      windows[step * PLACES + index % PLACES] = value;
    }
    workgroupBarrier();
    for (var step = 0u; step < STEP; step++) {
      let four = weights[step * (CHANNELS / 4u) + local.y];
      let at = step * PLACES + {{own}};
      {{add}}
    }
    workgroupBarrier();
  }
  let four = channel + 4u * local.y;
  for (var each = 0u; each < 4u; each++) {
    if (four + each < CO) {
      {{store}}
    }
  }
}
