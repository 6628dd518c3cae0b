// Back through an LSTM's steps, from the gradient at every output to that at the gates before their bending: a workgroup a sequence, a thread a unit.

const STEPS = {{steps}}u;
const BATCH = {{batch}}u;
const HIDDEN = {{hidden}}u;

@group(0) @binding(0) var<storage, read> gates: array<f32>;
// What each step began with, and what it bent its cell to.
@group(0) @binding(1) var<storage, read> cells: array<f32>;
@group(0) @binding(2) var<storage, read> curved: array<f32>;
@group(0) @binding(3) var<storage, read> gradient: array<f32>;
// [HIDDEN, 4 HIDDEN]
@group(0) @binding(4) var<storage, read> weight: array<f32>;
@group(0) @binding(5) var<storage, read_write> output: array<f32>;

var<workgroup> given_back: array<vec4<f32>, HIDDEN>;

@compute @workgroup_size({{hidden}}, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) unit: u32) {
  var of_cell = 0.0;
  var of_output = 0.0;
  for (var before = STEPS; before > 0u; before--) {
    let row = (before - 1u) * BATCH + group.x;
    let wide = row * 4u * HIDDEN + unit;
    let narrow = row * HIDDEN + unit;
    let gate = vec4(gates[wide], gates[wide + HIDDEN], gates[wide + 2u * HIDDEN], gates[wide + 3u * HIDDEN]);
    let bent = curved[narrow];
    let shown = gradient[narrow] + of_output;
    let cell = of_cell + shown * gate.w * (1.0 - bent * bent);
    // The slope of a logistic gate s is s (1 - s); of the candidate 2 s - 1, whose sum was doubled too, four times that.
    let partner = vec4(2.0 * gate.z - 1.0, cells[narrow], 4.0 * gate.x, bent);
    let made = vec4(cell, cell, cell, shown) * gate * (1.0 - gate) * partner;
    output[wide] = made.x;
    output[wide + HIDDEN] = made.y;
    output[wide + 2u * HIDDEN] = made.z;
    output[wide + 3u * HIDDEN] = made.w;
    of_cell = cell * gate.y;
    given_back[unit] = made;
    workgroupBarrier();
    of_output = 0.0;
    for (var other = 0u; other < HIDDEN; other++) {
      let at = unit * 4u * HIDDEN + other;
      of_output += dot(given_back[other], vec4(weight[at], weight[at + HIDDEN], weight[at + 2u * HIDDEN], weight[at + 3u * HIDDEN]));
    }
    workgroupBarrier();
  }
}
