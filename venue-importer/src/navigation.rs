//! Step 6, navigation: from the model's triangles to the mesh that people walk on.
//!
//! Recast (by the crate `rerecast`) turns the triangles into voxels, draws the floor back from
//! walls, and makes convex polygons. Each space's floor is an area of its own, so that no
//! polygon belongs to two; a door's plane divides them. Heights are then put back onto the
//! model's own triangles, and floors that nobody can reach are dropped.

use crate::exhibits::Placed;
use crate::floor_probe::FloorProbe;
use crate::places::Places;
use crate::report::Report;
use crate::spaces::{Rooms, Walking};
use crate::tiles::Piece;
use glam::{Mat4, Quat, Vec2, Vec3, Vec3Swizzles};
use rerecast::{
    Aabb3d, AreaType, BuildContoursFlags, CompactHeightfield, ConvexVolume, DetailNavmesh,
    HeightfieldBuilder, PolygonNavmesh, TriMesh,
};
use std::collections::BTreeSet;
use venue_model::{Door, SpaceId};
use venue_motion::{FloorPoint, Walkable};
use venue_package::gltf::Document;
use venue_package::navigation::turn;
use venue_package::{NavigationMesh, NavigationPolygon};

/// Finest voxel, metres across.
const CELL: f32 = 0.08;
/// Voxel, metres up.
const CELL_HEIGHT: f32 = 0.04;
/// A body's radius, metres: chairs half a metre apart can be passed.
const RADIUS: f32 = 0.24;
/// Free height that a body needs, metres.
const HEIGHT: f32 = 1.8;
/// Highest step, metres.
const CLIMB: f32 = 0.26;
/// Most voxels on a side; the file format of the polygons ends at 65,535.
const MAX_CELLS: f32 = 8_000.0;
/// Coarsest voxel that still finds doors, metres.
const MAX_CELL: f32 = 0.25;
/// Floor is laid this far to either side of a door's threshold, metres.
const THRESHOLD: f32 = 0.4;
/// So far to either side of its plane a door says which space the floor belongs to, metres.
const STRIP: f32 = 0.6;
/// A polygon's own plane is exact enough within this, metres.
const FLAT: f32 = 0.02;
/// How far from a place its floor may be, metres.
const PLACE_REACH: f32 = 0.6;
/// How far from a seat one may get up, metres.
const SEAT_REACH: f32 = 1.5;

/// Makes the navigation mesh and checks that spawn points, doors and seats are joined to it.
pub(crate) fn build(
    document: &Document,
    rooms: &Rooms,
    places: &Places,
    exhibits: &[Placed<'_>],
    report: &mut Report,
) -> NavigationMesh {
    let ground = collect(document, rooms, places, exhibits);
    match everywhere(&ground, places, report) {
        Some(all) => reachable(&all, rooms, places, report),
        None => NavigationMesh::default(),
    }
}

/// All floors, whether anybody can get there or not; none, with an error in the report, when there is no floor.
pub(crate) fn everywhere(ground: &Ground, places: &Places, report: &mut Report) -> Option<Walkable> {
    let mesh = voxels_to_polygons(ground, places, report).map_err(|sentence| report.error(sentence)).ok()?;
    let failed = |error| report.error(format!("the navigation mesh can not be built: {error}"));
    Walkable::new(mesh).map_err(failed).ok()
}

/// The floors that spawn points lead to; checks that places are joined to them.
pub(crate) fn reachable(
    all: &Walkable,
    rooms: &Rooms,
    places: &Places,
    report: &mut Report,
) -> NavigationMesh {
    let reachable = keep_reachable(all, places, rooms, report);
    match Walkable::new(reachable) {
        Ok(walkable) => {
            check_places(&walkable, rooms, places, report);
            report.fact(
                "navigation",
                format!(
                    "{} polygons, {:.0} m² walkable",
                    walkable.mesh().polygons.len(),
                    area(walkable.mesh())
                ),
            );
            walkable.mesh().clone()
        }
        Err(error) => {
            report.error(format!("the navigation mesh can not be built: {error}"));
            NavigationMesh::default()
        }
    }
}

/// The triangles that matter to walking, each with the number of its space (0: in the way).
#[derive(Default)]
pub(crate) struct Ground {
    triangles: TriMesh,
    probe: FloorProbe,
    cuts: Vec<Prism>,
}

/// What stands upright over a polygon that may have any shape without crossings.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Prism {
    /// x and z, metres.
    pub(crate) corners: Vec<Vec2>,
    /// Metres.
    pub(crate) bottom: f32,
    /// Metres.
    pub(crate) top: f32,
}

impl Prism {
    /// Whether a point is inside, by counting the edges that a ray crosses.
    pub(crate) fn contains(&self, point: Vec3) -> bool {
        let at = point.xz();
        let mut is_inside = false;
        for (i, a) in self.corners.iter().enumerate() {
            let b = self.corners[(i + 1) % self.corners.len()];
            if (a.y > at.y) != (b.y > at.y) && at.x < (b.x - a.x) * (at.y - a.y) / (b.y - a.y) + a.x {
                is_inside = !is_inside;
            }
        }
        is_inside && (self.bottom..=self.top).contains(&point.y)
    }
}

impl Ground {
    /// Adds a triangle; `floor_of` is the space whose floor it is if it faces up.
    pub(crate) fn add(&mut self, triangle: [Vec3; 3], floor_of: Option<SpaceId>) {
        let normal = (triangle[1] - triangle[0]).cross(triangle[2] - triangle[0]);
        self.add_facing(triangle, normal, floor_of);
    }

    /// The same for a triangle whose corners were rounded, so that it no longer tells itself where it faces.
    pub(crate) fn add_facing(&mut self, triangle: [Vec3; 3], normal: Vec3, floor_of: Option<SpaceId>) {
        // Up to 45 degrees; what faces down is a ceiling.
        let is_floor = normal.y > std::f32::consts::FRAC_1_SQRT_2 * normal.length();
        let area = floor_of.filter(|_| is_floor).map_or(0, |space| space.0.min(254) as u8);
        if area != 0 {
            self.probe.add(triangle);
        }
        let first = self.triangles.vertices.len() as u32;
        for corner in triangle {
            // Recast's vectors are of an older version of the same library; arrays are common to both.
            self.triangles.vertices.push(corner.to_array().into());
        }
        self.triangles.indices.push([first, first + 1, first + 2].into());
        self.triangles.area_types.push(AreaType(area));
    }

    /// Nobody walks inside of this, whatever floor is there.
    pub(crate) fn cut(&mut self, prism: Prism) {
        self.cuts.push(prism);
    }

    /// Lays a threshold in each door, in case the floor has a gap there.
    pub(crate) fn lay_thresholds(&mut self, doors: &[Door]) {
        for door in doors {
            for (side, space) in [(1.0, door.spaces[0]), (-1.0, door.spaces[1])] {
                let [a, b, c, d] = threshold(door, side, THRESHOLD, 0.0);
                self.add([a, b, c], Some(space));
                self.add([a, c, d], Some(space));
            }
        }
    }

    fn add_piece(&mut self, piece: &Piece<'_>, floor_of: Option<SpaceId>) {
        let is_mirrored = piece.world.determinant() < 0.0;
        for primitive in piece.primitives() {
            for triangle in primitive.indices.as_chunks::<3>().0 {
                let mut corners =
                    triangle.map(|i| piece.world.transform_point3(primitive.positions[i as usize]));
                if is_mirrored {
                    corners.swap(1, 2);
                }
                self.add(corners, floor_of);
            }
        }
    }
}

fn collect(document: &Document, rooms: &Rooms, places: &Places, exhibits: &[Placed<'_>]) -> Ground {
    let mut ground = Ground::default();
    for &at in &rooms.order {
        let usage = rooms.nodes[at];
        let Some(space) =
            usage.space.filter(|_| usage.walking != Walking::Ignored && usage.exhibit.is_none())
        else {
            continue;
        };
        if let Some(piece) = Piece::of(document, at, Mat4::IDENTITY) {
            ground.add_piece(&piece, (usage.walking == Walking::Usual).then_some(space));
        }
    }
    for piece in exhibits.iter().flat_map(|exhibit| &exhibit.pieces) {
        ground.add_piece(piece, None);
    }
    ground.lay_thresholds(&places.doors);
    ground
}

/// Half of a door's threshold, counter-clockwise seen from above; `side` 1 is the first space's (+z of the door).
fn threshold(door: &Door, side: f32, depth: f32, wider: f32) -> [Vec3; 4] {
    let turn = Quat::from_rotation_y(door.place.yaw);
    let half = door.width * 0.5 + wider;
    let (near, far) = if side > 0.0 { (0.0, depth) } else { (-depth, 0.0) };
    [(-half, near), (-half, far), (half, far), (half, near)]
        .map(|(x, z)| door.place.position + turn * Vec3::new(x, 0.0, z))
}

fn voxels_to_polygons(
    ground: &Ground,
    places: &Places,
    report: &mut Report,
) -> Result<NavigationMesh, String> {
    let aabb = ground
        .triangles
        .compute_aabb()
        .ok_or("no geometry is below a VEV_space node, so there is no floor")?;
    let size = (aabb.max.x - aabb.min.x).max(aabb.max.z - aabb.min.z);
    let cell = CELL.max(size / MAX_CELLS);
    if cell > MAX_CELL || (aabb.max.y - aabb.min.y) / CELL_HEIGHT > 60_000.0 {
        return Err(format!("the venue is {size:.0} m wide; 2,000 m wide and 2,400 m high is the most"));
    }
    if cell > CELL {
        report.warn(format!("the venue is {size:.0} m wide, so that walking is exact to {cell:.2} m only"));
    }
    let compact = voxels(ground, aabb, cell, places)?;
    let contours = compact.build_contours(1.2, voxel_count(12.0, cell), BuildContoursFlags::default());
    let sentence =
        |error: String| format!("the floor is too large or too ragged for one navigation mesh: {error}");
    let polygons = contours.into_polygon_mesh(6).map_err(|error| sentence(error.to_string()))?;
    let detail = DetailNavmesh::new(&polygons, &compact, cell * 6.0, CELL_HEIGHT * 2.0)
        .map_err(|error| sentence(error.to_string()))?;
    Ok(convert(&polygons, &detail, &ground.probe))
}

fn voxel_count(metres: f32, cell: f32) -> u16 {
    (metres / cell).ceil() as u16
}

fn voxels(ground: &Ground, aabb: Aabb3d, cell: f32, places: &Places) -> Result<CompactHeightfield, String> {
    let (climb, height) = ((CLIMB / CELL_HEIGHT) as u16, voxel_count(HEIGHT, CELL_HEIGHT));
    let failed = |error: String| format!("the floor can not be measured: {error}");
    let builder = HeightfieldBuilder { aabb, cell_size: cell, cell_height: CELL_HEIGHT };
    let mut field = builder.build().map_err(|error| failed(error.to_string()))?;
    field
        .populate_from_trimesh(ground.triangles.clone(), height, climb)
        .map_err(|error| failed(error.to_string()))?;
    let mut compact = field.into_compact(height, climb).map_err(|error| failed(error.to_string()))?;
    for cut in &ground.cuts {
        // Before the floor is drawn back, so that bodies keep off a cut as off a wall.
        compact.mark_convex_poly_area(&ConvexVolume {
            vertices: cut.corners.iter().map(|corner| corner.to_array().into()).collect(),
            min_y: cut.bottom,
            max_y: cut.top,
            area: AreaType(0),
        });
    }
    compact.erode_walkable_area(voxel_count(RADIUS, cell));
    for door in &places.doors {
        // The plane of the door is where one space ends, whichever room's floor runs on below the wall.
        for (side, space) in [(1.0, door.spaces[0]), (-1.0, door.spaces[1])] {
            let corners = threshold(door, side, STRIP, 0.3);
            compact.mark_convex_poly_area(&ConvexVolume {
                vertices: corners.iter().map(|corner| [corner.x, corner.z].into()).collect(),
                min_y: door.place.position.y - 0.4,
                max_y: door.place.position.y + 0.6,
                area: AreaType(space.0.min(254) as u8),
            });
        }
    }
    compact.build_distance_field();
    compact.build_regions(0, 64, 400).map_err(|error| failed(error.to_string()))?;
    Ok(compact)
}

/// Recast's polygons in the building frame, their heights on the model's own triangles.
fn convert(source: &PolygonNavmesh, detail: &DetailNavmesh, probe: &FloorProbe) -> NavigationMesh {
    let origin = Vec3::from_array(source.aabb.min.to_array());
    let settle =
        |point: Vec3| Vec3 { y: probe.height(point, CLIMB + CELL_HEIGHT).unwrap_or(point.y), ..point };
    let scale = Vec3::new(source.cell_size, source.cell_height, source.cell_size);
    let vertices = source
        .vertices
        .iter()
        .map(|v| settle(origin + Vec3::new(f32::from(v.x), f32::from(v.y), f32::from(v.z)) * scale));
    let mut mesh = NavigationMesh { vertices: vertices.collect(), ..NavigationMesh::default() };
    let corners_max = usize::from(source.max_vertices_per_polygon);
    for at in 0..source.polygon_count() {
        let row = at * corners_max..(at + 1) * corners_max;
        let corners: Vec<u32> = source.polygons[row.clone()]
            .iter()
            .take_while(|&&corner| corner != PolygonNavmesh::NO_INDEX)
            .map(|&corner| corner.into())
            .collect();
        let neighbours = source.polygon_neighbors[row].iter().take(corners.len());
        let neighbours =
            neighbours.map(|&n| (usize::from(n) < source.polygon_count()).then_some(n.into())).collect();
        let space = SpaceId(source.areas[at].0.into());
        let mut polygon = NavigationPolygon { corners, neighbours, space, heights: 0..0 };
        face_up(&mesh.vertices, &mut polygon);
        add_heights(&mut mesh, &mut polygon, at, detail, settle);
        mesh.polygons.push(polygon);
    }
    mesh
}

/// Turns the corners counter-clockwise seen from above.
fn face_up(vertices: &[Vec3], polygon: &mut NavigationPolygon) {
    let corner = |i: usize| vertices[polygon.corners[i] as usize];
    let twice_area: f32 =
        (1..polygon.corners.len() - 1).map(|i| turn(corner(0), corner(i), corner(i + 1))).sum();
    if twice_area < 0.0 {
        polygon.corners.reverse();
        // Edge i led from corner i to the next; reversed, it is the edge before the last one's place.
        polygon.neighbours.reverse();
        polygon.neighbours.rotate_left(1);
    }
}

/// Takes the detail triangles where the floor is not flat.
fn add_heights(
    mesh: &mut NavigationMesh,
    polygon: &mut NavigationPolygon,
    at: usize,
    detail: &DetailNavmesh,
    settle: impl Fn(Vec3) -> Vec3,
) {
    let Some(part) = detail.meshes.get(at) else { return };
    let first = part.base_vertex_index as usize;
    let points: Vec<Vec3> = detail.vertices[first..first + part.vertex_count as usize]
        .iter()
        .map(|vertex| settle(Vec3::from_array(vertex.to_array())))
        .collect();
    let corners: Vec<Vec3> = polygon.corners.iter().map(|&corner| mesh.vertices[corner as usize]).collect();
    let plane = |point: &Vec3| {
        let normal = (corners[1] - corners[0]).cross(corners[2] - corners[0]).normalize_or(Vec3::Y);
        (*point - corners[0]).dot(normal).abs() <= FLAT
    };
    if points.iter().chain(&corners).all(plane) {
        return;
    }
    let base = mesh.height_vertices.len() as u32;
    mesh.height_vertices.extend(points);
    let start = mesh.height_triangles.len() as u32;
    let triangles =
        part.base_triangle_index as usize..(part.base_triangle_index + part.triangle_count) as usize;
    mesh.height_triangles.extend(detail.triangles[triangles].iter().map(|t| t.map(|i| base + u32::from(i))));
    polygon.heights = start..mesh.height_triangles.len() as u32;
}

/// Drops floors that no spawn point leads to: table tops, shelves, roofs.
fn keep_reachable(all: &Walkable, places: &Places, rooms: &Rooms, report: &mut Report) -> NavigationMesh {
    let mesh = all.mesh();
    let mut kept = BTreeSet::new();
    let mut open: Vec<u32> = Vec::new();
    for spawn in &places.spawn_points {
        match all.locate_in(spawn.space, spawn.place.position, PLACE_REACH) {
            Some(point) => open.push(point.polygon),
            None => report.error(format!(
                "the spawn point at {:.2} in {} has no walkable floor within {PLACE_REACH} m; move it, or mend the floor below",
                spawn.place.position,
                key(rooms, spawn.space)
            )),
        }
    }
    while let Some(polygon) = open.pop() {
        if kept.insert(polygon) {
            open.extend(mesh.polygons[polygon as usize].neighbours.iter().flatten());
        }
    }
    let reachable = subset(mesh, &kept);
    let dropped = area(mesh) - area(&reachable);
    if dropped > 1.0 {
        report.fact("floor out of reach", format!("{dropped:.0} m² (table tops, ledges) are not walkable"));
    }
    reachable
}

/// The kept polygons alone, with the vertices that they need.
fn subset(mesh: &NavigationMesh, kept: &BTreeSet<u32>) -> NavigationMesh {
    let mut out = NavigationMesh::default();
    let places: std::collections::BTreeMap<u32, u32> = kept.iter().copied().zip(0..).collect();
    let mut vertices = std::collections::BTreeMap::new();
    for &at in kept {
        let source = &mesh.polygons[at as usize];
        let mut corner = |&old: &u32| {
            *vertices.entry(old).or_insert_with(|| {
                out.vertices.push(mesh.vertices[old as usize]);
                out.vertices.len() as u32 - 1
            })
        };
        let corners = source.corners.iter().map(&mut corner).collect();
        let neighbours = source.neighbours.iter().map(|n| n.and_then(|n| places.get(&n).copied())).collect();
        let start = out.height_triangles.len() as u32;
        for triangle in &mesh.height_triangles[source.heights.start as usize..source.heights.end as usize] {
            let first = out.height_vertices.len() as u32;
            out.height_vertices.extend(triangle.map(|i| mesh.height_vertices[i as usize]));
            out.height_triangles.push([first, first + 1, first + 2]);
        }
        let heights = start..out.height_triangles.len() as u32;
        out.polygons.push(NavigationPolygon { corners, neighbours, space: source.space, heights });
    }
    out
}

/// Square metres seen from above.
pub(crate) fn area(mesh: &NavigationMesh) -> f32 {
    let polygon = |at: usize| {
        let points: Vec<_> = mesh.corner_points(at).collect();
        (1..points.len() - 1).map(|i| turn(points[0], points[i], points[i + 1]) * 0.5).sum::<f32>()
    };
    (0..mesh.polygons.len()).map(polygon).sum()
}

fn check_places(walkable: &Walkable, rooms: &Rooms, places: &Places, report: &mut Report) {
    for door in &places.doors {
        let [from, to] = door.spaces.map(|space| key(rooms, space));
        match through(walkable, door) {
            Some((a, b)) if [a.space, b.space] != door.spaces => report.error(format!(
                "the door from {from} to {to} at {:.2} has other spaces before and behind it: its -z must face into {to}",
                door.place.position
            )),
            Some((a, b)) if walkable.path_length(a, b).is_some_and(|length| length <= 3.0) => {}
            Some(_) => report.error(format!(
                "the door from {from} to {to} at {:.2} is blocked; something solid stands in its opening \
                 (mark open leaves VEV_navigation {{\"walkable\": false}})",
                door.place.position
            )),
            None => report.error(format!(
                "the door from {from} to {to} at {:.2} has no reachable floor on both sides; does its origin lie on \
                 the floor, does its -z face into {to}, is there a spawn point on either side?",
                door.place.position
            )),
        }
    }
    warn_of_unreachable_seats(walkable, rooms, places, report);
}

/// One sentence for each space: a hall has hundreds of seats.
fn warn_of_unreachable_seats(walkable: &Walkable, rooms: &Rooms, places: &Places, report: &mut Report) {
    for space in &rooms.spaces {
        let is_far = |seat: &&venue_model::Seat| {
            seat.space == space.id && walkable.locate_in(space.id, seat.place.position, SEAT_REACH).is_none()
        };
        let far: Vec<_> = places.seats.iter().filter(is_far).collect();
        let Some(first) = far.first() else { continue };
        report.warn(format!(
            "{} seats in {} have no walkable floor within {SEAT_REACH} m, so that one gets up from them far away, \
             e.g. {:?} at {:.2}; leave {:.1} m between the rows",
            far.len(),
            space.key,
            first.label,
            first.place.position,
            2.0 * (RADIUS + CELL)
        ));
    }
}

/// Floor points before and behind a door, beyond the strips that the importer gave to its spaces itself.
fn through(walkable: &Walkable, door: &Door) -> Option<(FloorPoint, FloorPoint)> {
    let out = Quat::from_rotation_y(door.place.yaw) * Vec3::Z * (STRIP + 0.3);
    let before = walkable.locate(door.place.position + out, PLACE_REACH)?;
    let behind = walkable.locate(door.place.position - out, PLACE_REACH)?;
    Some((before, behind))
}

fn key(rooms: &Rooms, id: SpaceId) -> &str {
    rooms.spaces.iter().find(|space| space.id == id).map_or("?", |space| space.key.as_str())
}
