// Mean and (biased) variance of every group.

const PART = {{part}}u;

@group(0) @binding(0) var<storage, read> moments: array<f32>;
// Numbers of a group, and groups.
@group(0) @binding(1) var<storage, read> sizes: array<i32>;
@group(0) @binding(2) var<storage, read_write> mean: array<f32>;
@group(0) @binding(3) var<storage, read_write> variance: array<f32>;

{{merge}}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) thread: vec3<u32>) {
  if (thread.x >= u32(sizes[1])) { return; }
  let own = merged(thread.x, u32(sizes[0]));
  mean[thread.x] = own.x;
  variance[thread.x] = own.y;
}
