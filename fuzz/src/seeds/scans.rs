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

pub(super) fn obj() -> Vec<Vec<u8>> {
    let text = "mtllib a.mtl\nv 0 0 0 1 1 1\nv 1 0 0\nv 1 1 0\nv 0 1 0\nvt 0 0\nvn 0 0 1\nusemtl a\n\
                f 1/1/1 2/1 3//1 -1\nf 1 \\\n2 3\n";
    vec![text.as_bytes().to_vec(), b"v 2600000.5 1200000 450\nv nan 0 0\n".to_vec()]
}

pub(super) fn xyz() -> Vec<Vec<u8>> {
    ["//X,Y,Z,R,G,B\n1,2,3,4,5,6\n", "2\n1 2 3 -5 255 0 9\n4 5 6 7 8 9 10\n", "1 2 3 0.5 -0.5 0.1\n"]
        .map(|text| text.as_bytes().to_vec())
        .to_vec()
}

/// Format 3 with a reference system in a record.
pub(super) fn las() -> Vec<Vec<u8>> {
    const WKT: &[u8] = br#"PROJCS["a",PROJECTION["b"],UNIT["metre",1]]"#;
    let start = 227 + 54 + WKT.len();
    let mut bytes = vec![0; 227];
    bytes[..4].copy_from_slice(b"LASF");
    (bytes[24], bytes[25], bytes[94], bytes[100], bytes[104], bytes[105], bytes[107]) =
        (1, 2, 227, 1, 3, 34, 2);
    bytes[96..100].copy_from_slice(&(start as u32).to_le_bytes());
    for axis in 0..3 {
        bytes[131 + axis * 8..][..8].copy_from_slice(&0.001_f64.to_le_bytes());
    }
    bytes.resize(227 + 54, 0);
    bytes[229..244].copy_from_slice(b"LASF_Projection");
    bytes[245..247].copy_from_slice(&2_112_u16.to_le_bytes());
    bytes[247] = WKT.len() as u8;
    bytes.extend(WKT);
    for byte in [1, 200] {
        bytes.extend([byte; 34]);
    }
    vec![bytes]
}

const E57_XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<e57Root type="Structure" xmlns="http://www.astm.org/COMMIT/E57/2010-e57-v1.0">
<formatName type="String">ASTM E57 3D Imaging Data File</formatName><guid type="String">a</guid>
<versionMajor type="Integer">1</versionMajor><versionMinor type="Integer"/>
<data3D type="Vector" allowHeterogeneousChildren="1"><vectorChild type="Structure"><guid type="String">b</guid>
<pose type="Structure"><rotation type="Structure"><w type="Float">1</w><x type="Float">0</x><y type="Float">0</y>
<z type="Float">0</z></rotation><translation type="Structure"><x type="Float">1</x><y type="Float">2</y>
<z type="Float">3</z></translation></pose>
<points type="CompressedVector" fileOffset="48" recordCount="4"><prototype type="Structure">
<cartesianX type="ScaledInteger" minimum="0" maximum="200" scale="0.1"/><cartesianY type="Float" precision="single"/>
<cartesianZ type="Integer" minimum="7" maximum="7"/><intensity type="Integer" minimum="0" maximum="3"/></prototype>
<codecs type="Vector" allowHeterogeneousChildren="1"/></points></vectorChild></data3D>
<images2D type="Vector" allowHeterogeneousChildren="1"/></e57Root>"#;

/// One scan of four points; the checksums are left to the target.
pub(super) fn e57() -> Vec<Vec<u8>> {
    let mut packet = vec![1, 0, 0, 0, 4, 0, 4, 0, 16, 0, 0, 0, 1, 0];
    packet.extend([1, 2, 3, 200]);
    packet.extend([0.5_f32, 1.5, -2.0, 0.0].iter().flat_map(|number| number.to_le_bytes()));
    packet.push(0b11_10_01_00);
    packet.resize(packet.len().next_multiple_of(4), 0);
    packet[2] = packet.len() as u8 - 1;
    let mut logical = vec![0; 80];
    logical[..8].copy_from_slice(b"ASTM-E57");
    logical[8] = 1;
    (logical[48], logical[64]) = (1, 80);
    logical.extend(packet);
    let at = logical.len() as u64;
    logical.extend(E57_XML.bytes());
    let pages = logical.len().div_ceil(1_020);
    for (place, value) in [(16, pages as u64 * 1_024), (24, at), (32, E57_XML.len() as u64), (40, 1_024)] {
        logical[place..place + 8].copy_from_slice(&value.to_le_bytes());
    }
    logical.resize(pages * 1_020, 0);
    vec![logical.chunks(1_020).flat_map(|page| [page, &[0; 4]].concat()).collect()]
}

/// A stored entry, and one that leads out.
pub(super) fn zip() -> Vec<Vec<u8>> {
    const OBJ: &[u8] = b"v 0 0 0\n";
    let entry = |name: &str| {
        let mut local = b"PK\x03\x04\x0a\0\0\0\0\0\0\0\0\0".to_vec();
        let mut central = b"PK\x01\x02\x0a\0\x0a\0\0\0\0\0\0\0\0\0".to_vec();
        let mut sizes = 0xf2ee_37e7_u32.to_le_bytes().to_vec();
        sizes.extend([OBJ.len() as u8, 0, 0, 0, OBJ.len() as u8, 0, 0, 0, name.len() as u8, 0, 0, 0]);
        local.extend(&sizes);
        central.extend(&sizes);
        central.extend([0; 14]);
        local.extend(name.bytes().chain(OBJ.iter().copied()));
        central.extend(name.bytes());
        let mut end = b"PK\x05\x06\0\0\0\0\x01\0\x01\0".to_vec();
        end.extend((central.len() as u32).to_le_bytes());
        end.extend((local.len() as u32).to_le_bytes());
        end.extend([0; 2]);
        [local, central, end].concat()
    };
    vec![entry("a.obj"), entry("../a.obj")]
}
