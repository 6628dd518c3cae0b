// A group by its moments, then a learned scale and shift, or a leaky ReLU alone, and what it is added to.

const PART = {{part}}u;
const SLOPE = {{slope}};
const EPSILON = {{epsilon}};

@group(0) @binding(0) var<storage, read> x: array<{{stored}}>;
// Numbers of a group, and groups.
@group(0) @binding(1) var<storage, read> sizes: array<i32>;
@group(0) @binding(2) var<storage, read> moments: array<f32>;
@group(0) @binding(3) var<storage, read_write> output: array<{{stored}}>;
{{more}}

{{merge}}

@compute @workgroup_size(256, 1, 1)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let size = u32(sizes[0]);
  let group = workgroup.y;
  let own = merged(group, size);
  let steep = inverseSqrt(own.y + EPSILON);
  let words = size / {{together}}u;
  for (var at = workgroup.x * 256u + index; at < words; at += groups.x * 256u) {
    let place = {{word}};
    let value = ({{unpack}} - own.x) * steep{{learned}};
    let made = max(value, SLOPE * value){{onto}};
    output[place] = {{pack}};
  }
}
