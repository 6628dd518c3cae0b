// An LSTM over all steps of one sequence, a workgroup each: a thread is a unit, and what the units show one another is in shared memory.
// Gates lie as open, forget, candidate, show; a candidate is kept as the logistic of twice its sum, of which 2 s - 1 is the tanh.

const STEPS = {{steps}}u;
const BATCH = {{batch}}u;
const HIDDEN = {{hidden}}u;

// Each step's share of the input, the bias within: [STEPS, BATCH, 4 HIDDEN].
@group(0) @binding(0) var<storage, read> given: array<f32>;
// [HIDDEN, 4 HIDDEN]
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read_write> gates: array<f32>;
// What each step began with, and what it bent its cell to: [STEPS, BATCH, HIDDEN].
@group(0) @binding(3) var<storage, read_write> cells: array<f32>;
@group(0) @binding(4) var<storage, read_write> hidden: array<f32>;
@group(0) @binding(5) var<storage, read_write> curved: array<f32>;
@group(0) @binding(6) var<storage, read_write> output: array<f32>;

var<workgroup> shown: array<f32, HIDDEN>;

fn logistic(x: f32) -> f32 { return 1.0 / (1.0 + exp(clamp(-x, -87.0, 87.0))); }

@compute @workgroup_size({{hidden}}, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) unit: u32) {
  var cell = 0.0;
  var own = 0.0;
  for (var step = 0u; step < STEPS; step++) {
    shown[unit] = own;
    workgroupBarrier();
    let row = step * BATCH + group.x;
    let wide = row * 4u * HIDDEN + unit;
    var sums = vec4(given[wide], given[wide + HIDDEN], given[wide + 2u * HIDDEN], given[wide + 3u * HIDDEN]);
    for (var from_unit = 0u; from_unit < HIDDEN; from_unit++) {
      let at = from_unit * 4u * HIDDEN + unit;
      sums += shown[from_unit] * vec4(weight[at], weight[at + HIDDEN], weight[at + 2u * HIDDEN], weight[at + 3u * HIDDEN]);
    }
    workgroupBarrier();
    let gate = vec4(logistic(sums.x), logistic(sums.y), logistic(2.0 * sums.z), logistic(sums.w));
    let narrow = row * HIDDEN + unit;
    cells[narrow] = cell;
    hidden[narrow] = own;
    cell = gate.y * cell + gate.x * (2.0 * gate.z - 1.0);
    let bent = 2.0 * logistic(2.0 * cell) - 1.0;
    own = gate.w * bent;
    gates[wide] = gate.x;
    gates[wide + HIDDEN] = gate.y;
    gates[wide + 2u * HIDDEN] = gate.z;
    gates[wide + 3u * HIDDEN] = gate.w;
    curved[narrow] = bent;
    output[narrow] = own;
  }
}
