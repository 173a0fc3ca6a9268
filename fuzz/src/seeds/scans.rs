//! Small scans of each format.

const PLY_MESH: &[u8] = b"ply\nformat ascii 1.0\ncomment TextureFile a.png\nelement vertex 3\nproperty float x\n\
property float y\nproperty double z\nproperty uchar red\nproperty uchar green\nproperty uchar blue\nelement face 1\n\
property list uchar int vertex_indices\nproperty list uchar float texcoord\nend_header\n\
0 0 0 1 2 3\n1 0 0 4 5 6\n0 1 0 7 8 9\n3 0 1 2 6 0 0 1 0 0 1\n";

const PLY_POINTS: &[u8] =
    b"ply\nformat binary_little_endian 1.0\nelement vertex 2\nproperty short x\nproperty float y\n\
property uchar z\nproperty ushort intensity\nend_header\n\x01\x00\x00\x00\x80\x3f\x02\x10\x00\
\x02\x00\x00\x00\x00\x40\x03\x20\x00";

pub(super) fn ply() -> Vec<Vec<u8>> {
    vec![PLY_MESH.to_vec(), PLY_POINTS.to_vec()]
}
