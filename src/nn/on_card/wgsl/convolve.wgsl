// A convolution as a product of matrices that nobody lays out: weights [CO, K] by windows [K, places], K = CI * KERNEL * KERNEL. A workgroup
// makes CHANNELS x PLACES of the output; it holds STEP columns of the weights and STEP rows of the windows at a time.

const CI = {{ci}}u;
const CO = {{co}}u;
const KERNEL = {{kernel}}u;
const STRIDE = {{stride}}u;
const K = CI * KERNEL * KERNEL;
const STEP = 16u;
const CHANNELS = {{channels}}u;
const PLACES = 64u;
const ACROSS = {{across}}u;
const THREADS = ACROSS * CHANNELS / 4u;
const SLOPE = {{slope}};

@group(0) @binding(0) var<storage, read> x: array<{{stored}}>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
// Height and width of the input and of the output, how many rows there are to the windows, and how many pictures; then the input's row under
// each of them, and the column under each column; -1 for a zero.
@group(0) @binding(2) var<storage, read> under: array<i32>;
@group(0) @binding(3) var<storage, read_write> output: array<{{made}}>;
{{more}}

{{x_at}}

var<workgroup> weights: array<vec4<f32>, {{weights}}>;
var<workgroup> windows: array<f32, {{windows}}>;

fn weight_at(channel: u32, k: u32) -> f32 {
  if (channel >= CO || k >= K) { return 0.0; }
  return weight[{{weight}}];
}

@compute @workgroup_size({{across}}, {{down}}, 1)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let height = u32(under[0]);
  let width = u32(under[1]);
  let wide = u32(under[3]);
  let places = u32(under[2]) * wide;
  let all = u32(under[5]) * places;
  let channel = group.z * CHANNELS;
  let first = (group.y * groups.x + group.x) * PLACES;

  // The place that this thread brings, always the same.
  let brought = min(first + index % PLACES, all - 1u);
  let picture = brought / places;
  let row = 6u + (brought % places / wide) * STRIDE;
  let column = 6u + u32(under[4]) + (brought % wide) * STRIDE;

  {{zero}}
  for (var begin = 0u; begin < K; begin += STEP) {
    for (var at = index; at < STEP * CHANNELS / 4u; at += THREADS) {
      let k = begin + at % STEP;
      let four = channel + 4u * (at / STEP);
      weights[(at % STEP) * (CHANNELS / 4u) + at / STEP] = vec4(weight_at(four, k), weight_at(four + 1u, k), weight_at(four + 2u, k), weight_at(four + 3u, k));
    }
    for (var step = index / PLACES; step < STEP; step += THREADS / PLACES) {
      let k = begin + step;
      var value = 0.0;
      if (k < K) {
        let within = k % (KERNEL * KERNEL);
        let from_channel = k / (KERNEL * KERNEL);
        let y = under[row + within / KERNEL];
        let z = under[column + within % KERNEL];
        if (y >= 0 && z >= 0) { value = x_at({{place_in}}); }
      }
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
