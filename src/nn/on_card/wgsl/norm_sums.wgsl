// Of PART numbers of a group: the sums of the gradients behind the leaky ReLU, and of their products with what the norm made.

const PART = {{part}}u;
const THREADS = {{threads}}u;
const SLOPE = {{slope}};
const EPSILON = {{epsilon}};

@group(0) @binding(0) var<storage, read> x: array<f32>;
// Numbers of a group, and groups.
@group(0) @binding(1) var<storage, read> sizes: array<i32>;
@group(0) @binding(2) var<storage, read> moments: array<f32>;
@group(0) @binding(3) var<storage, read> output: array<f32>;
@group(0) @binding(4) var<storage, read> gradient: array<f32>;
@group(0) @binding(5) var<storage, read_write> made: array<f32>;

var<workgroup> sums: array<vec2<f32>, {{threads}}>;

{{merge}}

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
  let own = merged(group, size);
  let steep = inverseSqrt(own.y + EPSILON);
  var sum = vec2(0.0);
  for (var at = begin + index; at < end; at += THREADS) {
    let slope = gradient[{{place}}] * select(SLOPE, 1.0, output[{{place}}] > 0.0);
    sum += slope * vec2(1.0, (x[{{place}}] - own.x) * steep);
  }
  sums[index] = sum;
  workgroupBarrier();
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    if (index < half) { sums[index] += sums[index + half]; }
    workgroupBarrier();
  }
  if (index == 0u) {
    let at = 2u * (group * groups.x + workgroup.x);
    made[at] = sums[0].x;
    made[at + 1u] = sums[0].y;
  }
}
