// A plane by its moments, which are merged from those of its parts (Chan et al. 1979), then a leaky ReLU, and what it is added to.

const PART = {{part}}u;
const SLOPE = {{slope}};
const EPSILON = {{epsilon}};

@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> size: array<i32>;
@group(0) @binding(2) var<storage, read_write> moments: array<f32>;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;
{{other}}

@compute @workgroup_size(256, 1, 1)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let plane = u32(size[0]);
  let parts = (plane + PART - 1u) / PART;
  var mean = 0.0;
  var squares = 0.0;
  var count = 0.0;
  for (var part = 0u; part < parts; part++) {
    let at = 2u * (group.y * parts + part);
    let more = f32(min(PART, plane - part * PART));
    let away = moments[at] - mean;
    let all = count + more;
    mean += away * more / all;
    squares += moments[at + 1u] + away * away * count * more / all;
    count = all;
  }
  let scale = inverseSqrt(squares / count + EPSILON);
  for (var at = group.x * 256u + index; at < plane; at += groups.x * 256u) {
    let value = (x[group.y * plane + at] - mean) * scale;
    output[group.y * plane + at] = max(value, SLOPE * value){{onto}};
  }
}
