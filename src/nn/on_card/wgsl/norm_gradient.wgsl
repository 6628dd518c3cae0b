// A norm's gradient in what it was given (Ioffe and Szegedy 2015, section 3).

const SLOPE = {{slope}};

@group(0) @binding(0) var<storage, read> x: array<f32>;
// Numbers of a group, and groups.
@group(0) @binding(1) var<storage, read> sizes: array<i32>;
@group(0) @binding(2) var<storage, read> totals: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> output: array<f32>;
@group(0) @binding(4) var<storage, read> gradient: array<f32>;
@group(0) @binding(5) var<storage, read_write> made: array<f32>;
{{more}}

@compute @workgroup_size(256, 1, 1)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let size = u32(sizes[0]);
  let group = workgroup.y;
  let own = totals[group];
  for (var at = workgroup.x * 256u + index; at < size; at += groups.x * 256u) {
    let slope = gradient[{{place}}] * select(SLOPE, 1.0, output[{{place}}] > 0.0);
    made[{{place}}] = (slope - own.z - (x[{{place}}] - own.x) * own.y * own.w) * own.y{{learned}};
  }
}
