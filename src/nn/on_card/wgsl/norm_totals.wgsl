// Of every group: mean, one over its deviation, and what its numbers' gradients have to give back; scale and shift's own gradients.

const PART = {{part}}u;
const EPSILON = {{epsilon}};

@group(0) @binding(0) var<storage, read> moments: array<f32>;
// Numbers of a group, and groups.
@group(0) @binding(1) var<storage, read> sizes: array<i32>;
@group(0) @binding(2) var<storage, read> sums: array<f32>;
@group(0) @binding(3) var<storage, read_write> totals: array<vec4<f32>>;
{{more}}

{{merge}}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) thread: vec3<u32>) {
  let group = thread.x;
  if (group >= u32(sizes[1])) { return; }
  let size = u32(sizes[0]);
  let own = merged(group, size);
  let parts = (size + PART - 1u) / PART;
  var sum = vec2(0.0);
  for (var part = 0u; part < parts; part++) {
    let at = 2u * (group * parts + part);
    sum += vec2(sums[at], sums[at + 1u]);
  }
  totals[group] = vec4(own.x, inverseSqrt(own.y + EPSILON), sum / f32(size));
  {{learned}}
}
