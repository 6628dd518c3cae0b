// A convolution or its transpose of few channels: a thread makes {{channels}} channels of {{lanes}} places by itself. What its
// neighbours read as well is in the card's cache: nothing is shared, and nobody waits.

const CI = {{ci}}u;
const CO = {{co}}u;
const KERNEL = {{kernel}}u;
const STRIDE = {{stride}}u;
const PADDING = {{padding}}u;
// Of the kernel, in a row or column, that reach a place.
const TAPS = {{taps}}u;
const SLOPE = {{slope}};
const LANES = {{lanes}}u;
const THREADS = {{threads}}u;
// From a weight to that of the next channel, made and read.
const NEXT_MADE = {{next_made}}u;
const NEXT_READ = {{next_read}}u;

@group(0) @binding(0) var<storage, read> x: array<{{stored}}>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> under: array<i32>;
@group(0) @binding(3) var<storage, read_write> output: array<{{made}}>;
{{more}}

{{x_at}}

fn four_weights(at: u32) -> vec4<f32> {
  return vec4(weight[at], weight[at + NEXT_MADE], weight[at + 2u * NEXT_MADE], weight[at + 3u * NEXT_MADE]);
}

// The first row or column of a phase, and how many there are.
fn begins(phase: u32) -> u32 { return (phase + STRIDE - PADDING % STRIDE) % STRIDE; }
fn how_many(side: u32, begin: u32) -> u32 { return (max(side, begin) - begin + STRIDE - 1u) / STRIDE; }

@compute @workgroup_size({{threads}}, 1, 1)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let height = u32(under[0]);
  let width = u32(under[1]);
  let tiles = (CO + {{channels}}u - 1u) / {{channels}}u;
  let first = group.z % tiles * {{channels}}u;
  {{sizes}}
  let begin = (group.y * groups.x + group.x) {{begin}};
  {{places}}
  {{zero}}
  for (var down = 0u; down < TAPS; down++) {
    for (var across = 0u; across < TAPS; across++) {
      {{tap}}
      {{reach}}
      var at = first * NEXT_MADE + tap;
      for (var from_channel = 0u; from_channel < CI; from_channel++) {
        {{weigh}}
        {{add}}
        at += NEXT_READ;
      }
    }
  }
  for (var each = 0u; each < 4u; each++) {
    {{store}}
  }
}
