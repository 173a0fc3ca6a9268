//! Accessors as typed lists (glTF 2.0 §3.6.2), sparse and quantised ones included.

use super::GltfError;
use super::buffers::Buffers;
use super::json::{Accessor, Root, Sparse};

/// Reads the accessors of one file.
pub(super) struct Accessors<'a> {
    pub(super) root: &'a Root,
    pub(super) buffers: &'a Buffers<'a>,
}

/// How an accessor's bytes are laid out.
struct Layout {
    component: Component,
    components: usize,
    count: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Component {
    I8,
    U8,
    I16,
    U16,
    U32,
    F32,
}

impl Component {
    fn from_code(code: u32) -> Option<Self> {
        Some(match code {
            5120 => Self::I8,
            5121 => Self::U8,
            5122 => Self::I16,
            5123 => Self::U16,
            5125 => Self::U32,
            5126 => Self::F32,
            _ => return None,
        })
    }

    fn size(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::U32 | Self::F32 => 4,
        }
    }

    /// The number at the beginning of `bytes`, which are long enough; normalised as §3.6.2.2 has it.
    fn float(self, bytes: &[u8], normalized: bool) -> f32 {
        let two = [bytes[0], *bytes.get(1).unwrap_or(&0)];
        let four = || [bytes[0], bytes[1], bytes[2], bytes[3]];
        let (value, most) = match self {
            Self::I8 => (f32::from(bytes[0] as i8), 127.0),
            Self::U8 => (f32::from(bytes[0]), 255.0),
            Self::I16 => (f32::from(i16::from_le_bytes(two)), 32_767.0),
            Self::U16 => (f32::from(u16::from_le_bytes(two)), 65_535.0),
            Self::U32 => (u32::from_le_bytes(four()) as f32, u32::MAX as f32),
            Self::F32 => return f32::from_le_bytes(four()),
        };
        if normalized { (value / most).max(-1.0) } else { value }
    }

    /// The number as an index; none when the type is none of an index.
    fn index(self, bytes: &[u8]) -> Option<u32> {
        match self {
            Self::U8 => Some(u32::from(bytes[0])),
            Self::U16 => Some(u32::from(u16::from_le_bytes([bytes[0], bytes[1]]))),
            Self::U32 => Some(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])),
            Self::I8 | Self::I16 | Self::F32 => None,
        }
    }
}

impl Accessors<'_> {
    /// Items of `N` numbers; an accessor of fewer numbers leaves the rest at `fill`.
    pub(super) fn floats<const N: usize>(
        &self,
        at: usize,
        fill: [f32; N],
        shapes: &[&str],
        from: &str,
    ) -> Result<Vec<[f32; N]>, GltfError> {
        let (accessor, layout) = self.layout(at, shapes, from)?;
        let (component, components, normalized) =
            (layout.component, layout.components.min(N), accessor.normalized);
        self.read(at, accessor, &layout, fill, |bytes| {
            let mut item = fill;
            for (i, value) in item.iter_mut().take(components).enumerate() {
                *value = component.float(&bytes[i * component.size()..], normalized);
            }
            if item.iter().all(|value| value.is_finite()) {
                Ok(item)
            } else {
                Err("it holds a number that is none")
            }
        })
    }

    /// Items of `N` whole numbers from zero up.
    pub(super) fn indices<const N: usize>(
        &self,
        at: usize,
        shape: &str,
        from: &str,
    ) -> Result<Vec<[u32; N]>, GltfError> {
        let (accessor, layout) = self.layout(at, &[shape], from)?;
        let component = layout.component;
        self.read(at, accessor, &layout, [0; N], |bytes| {
            let mut item = [0; N];
            for (i, value) in item.iter_mut().enumerate() {
                let number = component.index(&bytes[i * component.size()..]);
                *value = number.ok_or("its numbers are not unsigned whole ones")?;
            }
            Ok(item)
        })
    }

    fn layout(&self, at: usize, shapes: &[&str], from: &str) -> Result<(&Accessor, Layout), GltfError> {
        let accessor = self.root.accessors.get(at).ok_or_else(|| GltfError::missing(from, "accessor", at))?;
        let name = format!("accessor {at}");
        let component = Component::from_code(accessor.component_type).ok_or_else(|| {
            GltfError::broken(&name, format!("its component type {} does not exist", accessor.component_type))
        })?;
        if !shapes.contains(&accessor.shape.as_str()) {
            let shape: String = accessor.shape.chars().take(10).collect();
            return Err(GltfError::broken(
                name,
                format!("it is {shape}, where {from} needs {}", shapes.join(" or ")),
            ));
        }
        let components = match accessor.shape.as_str() {
            "SCALAR" => 1,
            "VEC2" => 2,
            "VEC3" => 3,
            "MAT4" => 16,
            _ => 4,
        };
        let count = usize::try_from(accessor.count)
            .map_err(|_| GltfError::broken(&name, "its count is too large"))?;
        Ok((accessor, Layout { component, components, count }))
    }

    fn read<T: Copy>(
        &self,
        at: usize,
        accessor: &Accessor,
        layout: &Layout,
        zero: T,
        item: impl Fn(&[u8]) -> Result<T, &'static str>,
    ) -> Result<Vec<T>, GltfError> {
        let name = format!("accessor {at}");
        self.buffers.charge(&name, accessor.count, size_of::<T>() as u64)?;
        let wrong = |what: &'static str| GltfError::broken(&name, what);
        let mut items = match accessor.buffer_view {
            None => vec![zero; layout.count],
            Some(view) => {
                let size = layout.component.size() * layout.components;
                let bytes = self.buffers.view(view, &name)?;
                let stride = self.buffers.stride(view).unwrap_or(size as u64);
                let cells = cells(bytes, accessor.byte_offset, stride, size, layout.count)
                    .ok_or_else(|| wrong("it reaches beyond its buffer view"))?;
                cells.map(&item).collect::<Result<_, _>>().map_err(wrong)?
            }
        };
        if let Some(sparse) = &accessor.sparse {
            self.overlay(&name, sparse, layout, &mut items, item)?;
        }
        Ok(items)
    }

    /// Puts a sparse accessor's differences over its base.
    fn overlay<T>(
        &self,
        name: &str,
        sparse: &Sparse,
        layout: &Layout,
        items: &mut [T],
        item: impl Fn(&[u8]) -> Result<T, &'static str>,
    ) -> Result<(), GltfError> {
        let wrong = |what: &'static str| GltfError::broken(name, what);
        if sparse.count > items.len() as u64 {
            return Err(wrong("it has more sparse items than items"));
        }
        let count = sparse.count as usize;
        let index_type = sparse.indices.component_type.and_then(Component::from_code);
        let index_type = index_type.ok_or_else(|| wrong("its sparse indices have no type"))?;
        let index_bytes = self.buffers.view(sparse.indices.buffer_view, name)?;
        let size = index_type.size();
        let indices = cells(index_bytes, sparse.indices.byte_offset, size as u64, size, count)
            .ok_or_else(|| wrong("its sparse indices reach beyond their buffer view"))?;
        let value_bytes = self.buffers.view(sparse.values.buffer_view, name)?;
        let size = layout.component.size() * layout.components;
        let values = cells(value_bytes, sparse.values.byte_offset, size as u64, size, count)
            .ok_or_else(|| wrong("its sparse values reach beyond their buffer view"))?;
        for (index, value) in indices.zip(values) {
            let index =
                index_type.index(index).ok_or_else(|| wrong("its sparse indices are not whole numbers"))?;
            let place =
                items.get_mut(index as usize).ok_or_else(|| wrong("a sparse index is out of range"))?;
            *place = item(value).map_err(wrong)?;
        }
        Ok(())
    }
}

/// `count` slices of `size` bytes, each `stride` after the other; none when they do not fit.
fn cells(
    bytes: &[u8],
    offset: u64,
    stride: u64,
    size: usize,
    count: usize,
) -> Option<impl Iterator<Item = &[u8]>> {
    let last = (count as u64).checked_sub(1).map_or(Some(0), |last| last.checked_mul(stride))?;
    let needed = if count == 0 { 0 } else { offset.checked_add(last)?.checked_add(size as u64)? };
    if needed > bytes.len() as u64 || (count > 1 && stride < size as u64) {
        return None;
    }
    let (offset, stride) = (usize::try_from(offset).ok()?, usize::try_from(stride).ok()?);
    Some((0..count).map(move |i| &bytes[offset + i * stride..][..size]))
}
