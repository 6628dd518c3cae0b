// What parts of the places have made of a gradient, added up; the row or column of ones apart.

const CO = {{co}}u;
const ROWS = CO{{row}};
const K = {{k}}u;
const COLUMNS = K{{column}};

@group(0) @binding(0) var<storage, read> parts: array<f32>;
@group(0) @binding(1) var<storage, read_write> output: array<f32>;
{{more}}

@compute @workgroup_size(256, 1, 1)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let at = (group.y * groups.x + group.x) * 256u + index;
  if (at >= ROWS * COLUMNS) { return; }
  var sum = 0.0;
  for (var from_part = at; from_part < arrayLength(&parts); from_part += ROWS * COLUMNS) { sum += parts[from_part]; }
  let row = at / COLUMNS;
  let column = at % COLUMNS;
  if (row < CO && column < K) { output[row * K + column] = sum; }{{ones}}
}
