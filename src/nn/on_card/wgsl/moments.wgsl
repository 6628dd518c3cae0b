// Mean and sum of squares around it of PART numbers of a group, which is a plane or a channel: a workgroup each.

const PART = {{part}}u;
const THREADS = {{threads}}u;
// Numbers in a word.
const TOGETHER = {{together}}u;

@group(0) @binding(0) var<storage, read> x: array<{{stored}}>;
// Numbers of a group, and groups.
@group(0) @binding(1) var<storage, read> sizes: array<i32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

var<workgroup> sums: array<f32, {{threads}}>;

fn total(number: {{number}}) -> f32 { return {{total}}; }

fn sum_of_all(index: u32, value: f32) -> f32 {
  sums[index] = value;
  workgroupBarrier();
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    if (index < half) { sums[index] += sums[index + half]; }
    workgroupBarrier();
  }
  let all = sums[0];
  workgroupBarrier();
  return all;
}

@compute @workgroup_size({{threads}}, 1, 1)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let size = u32(sizes[0]);
  let group = workgroup.y;
  let begin = workgroup.x * PART;
  let end = min(begin + PART, size);
  let words = size / TOGETHER;
  var sum = 0.0;
  for (var at = begin / TOGETHER + index; at < end / TOGETHER; at += THREADS) {
    let place = {{word}};
    sum += total({{unpack}});
  }
  let mean = sum_of_all(index, sum) / f32(end - begin);
  var squares = 0.0;
  for (var at = begin / TOGETHER + index; at < end / TOGETHER; at += THREADS) {
    let place = {{word}};
    let away = {{unpack}} - mean;
    squares += total(away * away);
  }
  squares = sum_of_all(index, squares);
  if (index == 0u) {
    let at = 2u * (group * groups.x + workgroup.x);
    output[at] = mean;
    output[at + 1u] = squares;
  }
}
