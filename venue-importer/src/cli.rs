//! The commands, their help, and what they print.

use crate::authored::Making;
use crate::hierarchy::Settings;
use crate::progress_bar::{Style, Teller};
use crate::scan::{Onto, Up};
use crate::textures::Codec;
use crate::{check, deviation, import, pack, preview, read, serve};
use anyhow::{Context, Result, bail};
use clap::Parser;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use venue_package::writer::{recover_directory, write_directory};

/// Makes venue packages out of 3-D models, and checks them.
///
/// A package is a folder: venue.json (what stands where), tileset.json and files/ (geometry,
/// navigation mesh, sounds). venue-server serves it; xr-client shows it. How to model a venue
/// is told in docs/modelers-guide.md, every field in docs/venue-package.md.
#[derive(Parser)]
#[command(name = "venue-importer", version)]
pub enum Command {
    /// Packs a GLB file whose nodes name spaces, doors and seats.
    ///
    /// Prints what was found, and warnings with advice. A package is written only when
    /// everything that a venue needs is there: a space, a spawn point in each, floors that are
    /// joined by the doors. The folder is never left half written.
    ///
    /// Example: venue-importer pack building.glb --into building-package
    Pack {
        /// The model: one glTF 2.0 binary, textures inside, metres, y up.
        #[arg(value_name = "IN.glb")]
        input: PathBuf,
        /// The folder to make.
        #[arg(long, value_name = "PACKAGE")]
        into: PathBuf,
        /// Replaces the package that lies there already.
        #[arg(long)]
        force: bool,
        /// How the pictures of the finest level are packed: uastc, etc1s, or etc1s:QUALITY from 1 to 255.
        #[arg(long, value_name = "CODEC", value_parser = Codec::named, default_value_t = Codec::Uastc)]
        near: Codec,
        /// Draws pictures of it afterwards, and writes a page with them: PACKAGE.report.html.
        #[arg(long)]
        preview: bool,
    },
    /// Makes a package out of a scan: photogrammetry or laser, mesh or points.
    ///
    /// Reads glTF and GLB, OBJ, PLY, E57, LAS, LAZ, text, folders and archives of them; docs/scan-formats.md tells
    /// what each brings. Finds out units, the axis that points up and the floor, divides the scan into tiles with
    /// levels of detail, finds where people can walk, and writes the package. An import that was interrupted goes
    /// on where it was. Any size of scan is imported within 2 GB of memory.
    ///
    /// Example: venue-importer import hall.obj --into hall-package
    Import {
        /// Files, folders, archives: all of one venue, in one frame.
        #[arg(value_name = "SCAN", required = true)]
        inputs: Vec<PathBuf>,
        /// The folder to make.
        #[arg(long, value_name = "PACKAGE")]
        into: PathBuf,
        /// Replaces the package that lies there already.
        #[arg(long)]
        force: bool,
        /// The venue's name; the file's without it.
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// What stands where: a TOML file (`place --example` prints one), or a GLB with named places.
        #[arg(long, value_name = "PLACES")]
        places: Option<PathBuf>,
        /// Where one of the scans lies: a file that `align` wrote. May be given for each of them.
        #[arg(long = "align", value_name = "ALIGNMENT")]
        alignments: Vec<PathBuf>,
        /// Which axis points up; what the file says, or its shape, without it.
        #[arg(long, value_enum)]
        up: Option<Up>,
        /// The unit of the scan: m, cm, mm, ft, in, or metres as a number.
        #[arg(long, value_name = "UNIT", value_parser = unit)]
        units: Option<f64>,
        /// Leaves turn and origin as they are: the floor is not made level, and zero stays where it is.
        #[arg(long)]
        keep_frame: bool,
        /// Surfaces are lit by the venue's lamps; without it photographs show the light that was captured.
        #[arg(long)]
        lit: bool,
        /// How the pictures of the finest level are packed: uastc, etc1s, or etc1s:QUALITY from 1 to 255.
        #[arg(long, value_name = "CODEC", value_parser = Codec::named, default_value_t = Codec::Uastc)]
        near: Codec,
        /// Pieces that lie on nothing and are smaller than this go; metres, 0 keeps all.
        #[arg(long, value_name = "METRES", default_value_t = import::ISLANDS)]
        islands: f32,
        /// Draws pictures of it afterwards, for the report's page.
        #[arg(long)]
        preview: bool,
        /// Tells nothing while it works; the report and errors are printed all the same.
        #[arg(long)]
        quiet: bool,
        /// Prints an object of JSON a line: each step's begin, progress and end, and the report at last.
        #[arg(long)]
        json: bool,
    },
    /// Puts places anew into a package that was made of a scan: doors, seats, screens, floor.
    ///
    /// Takes seconds, whatever the scan's size: tiles stay as they are. Spaces, exhibits and what is painted over are
    /// made by `import` alone. The floor needs the file PACKAGE.ground, which `import` leaves beside the package.
    ///
    /// Example: venue-importer place hall-package --with places.toml
    Place {
        /// The package to change.
        #[arg(value_name = "PACKAGE", required_unless_present = "example")]
        package: Option<PathBuf>,
        /// What stands where: a TOML file, or a GLB with named places.
        #[arg(long, value_name = "PLACES", required_unless_present = "example")]
        with: Option<PathBuf>,
        /// Prints a commented file of places and ends.
        #[arg(long)]
        example: bool,
    },
    /// Finds where a scan lies in the building's plan, or beside another scan, by points known in both.
    ///
    /// POINTS is a text file with three pairs or more that do not lie on a line, better five: in each line a name, the
    /// point in the scan (x, y, z) and the true point. Tells how far each pair is off, and which are probably wrong.
    ///
    /// Example: venue-importer align annex.e57 --points annex.csv --onto plan
    ///
    /// Then: venue-importer import hall.e57 annex.e57 --align annex.e57.toml --into venue
    Align {
        /// The scan whose points stand first.
        #[arg(value_name = "SCAN")]
        scan: PathBuf,
        /// The pairs of points.
        #[arg(long, value_name = "POINTS.csv")]
        points: PathBuf,
        /// What the true points are: building (metres, y up), plan (metres, z up), or scan: the coordinates of a scan
        /// that is imported along.
        #[arg(long, value_enum, default_value_t = Onto::Building)]
        onto: Onto,
        /// Keeps the scan's own scale: laser scanners measure better than hands.
        #[arg(long)]
        rigid: bool,
        /// The file to write; SCAN.toml without it.
        #[arg(long, value_name = "ALIGNMENT")]
        into: Option<PathBuf>,
    },
    /// Draws pictures of a package as its visitors will see it: each space from where people come in, from a seat and
    /// from a corner, and each storey from above.
    ///
    /// The client draws them, with every tile at its finest; it needs neither a display nor a graphics card.
    ///
    /// Example: venue-importer preview hall-package
    Preview {
        /// The package.
        #[arg(value_name = "PACKAGE")]
        package: PathBuf,
        /// The folder for the pictures; PACKAGE.preview without it.
        #[arg(long, value_name = "FOLDER")]
        into: Option<PathBuf>,
    },
    /// Opens a package, or a scan, in the client at once, and shows each change of it to whoever stands in it.
    ///
    /// Starts a server for this machine alone and the client in it; without a display it prints links to enter by. When
    /// the file of places is changed, the places are put anew, as `place` does, and the venue changes within seconds
    /// around whoever is inside. A file with a mistake changes nothing: the mistake is told here and in the venue.
    /// F4 in the client shows the floor and every mark; P copies the mark that is aimed at, or a point of the floor, as
    /// text for the file of places. Ctrl-C ends everything.
    ///
    /// Example: venue-importer serve hall-package --places places.toml
    ///
    /// Or: venue-importer serve hall.e57 --into hall-package --places places.toml
    Serve {
        /// A package; or scans, which are imported first.
        #[arg(value_name = "PACKAGE|SCAN", required = true)]
        inputs: Vec<PathBuf>,
        /// The package that is made of scans; one that is there already is taken as it is.
        #[arg(long, value_name = "PACKAGE")]
        into: Option<PathBuf>,
        /// What stands where: a TOML file, or a GLB with named places.
        #[arg(long, value_name = "PLACES")]
        places: Option<PathBuf>,
        /// Opens no window, but prints links.
        #[arg(long)]
        no_window: bool,
        /// The server's port on this machine; any free one without it.
        #[arg(long, value_name = "PORT", default_value_t = 0)]
        port: u16,
    },
    /// Measures how far the levels of a package lie from the scan that it was made of.
    ///
    /// Both ways: from points that are spread evenly over one surface to the nearest place of the other. The mean, what
    /// 99 of 100 points stay below, and the worst; beside them the error that the level promises to viewers. Surfaces
    /// of triangles alone; all of the scan is held in memory, about 100 bytes a triangle.
    ///
    /// Example: venue-importer deviation hall.ply --package hall-package
    Deviation(deviation::Args),
    /// Reads every file of a package and tells all that is wrong with it.
    ///
    /// Ends with exit code 0 when the package can be used, warnings or not.
    Check {
        /// The folder with venue.json in it.
        #[arg(value_name = "PACKAGE")]
        package: PathBuf,
    },
}

/// Runs a command; a failure is printed in sentences.
pub fn run(command: &Command) -> ExitCode {
    let outcome = match command {
        Command::Pack { input, into, force, near, preview } => {
            pack_into(input, into, *force, *near, *preview)
        }
        Command::Import {
            inputs,
            into,
            force,
            name,
            places,
            alignments,
            up,
            units,
            keep_frame,
            lit,
            near,
            islands,
            preview,
            quiet,
            json,
        } => {
            let options = import::Options {
                inputs: inputs.clone(),
                into: into.clone(),
                name: name.clone(),
                places: places.clone(),
                alignments: alignments.clone(),
                up: *up,
                metres_per_unit: *units,
                keep_frame: *keep_frame,
                lit: *lit,
                near: *near,
                island_size: *islands,
            };
            let after = After { preview: *preview, json: *json };
            import_into(&options, *force, teller(*quiet, *json), after)
        }
        Command::Align { scan, points, onto, rigid, into } => {
            let into = into.clone().unwrap_or_else(|| {
                PathBuf::from(format!("{}.toml", scan.file_name().unwrap_or_default().to_string_lossy()))
            });
            import::align::run(scan, points, *onto, *rigid, &into)
                .map(|report| format!("{report}\nwritten to {}\n", into.display()))
        }
        Command::Place { package, with, .. } => match (package, with) {
            (Some(package), Some(with)) => place_into(package, with),
            _ => Ok(import::places_file::SAMPLE.to_owned()),
        },
        Command::Preview { package, into } => preview_into(package, into.as_deref()),
        Command::Serve { inputs, into, places, no_window, port } => serve::run(&serve::Options {
            inputs: inputs.clone(),
            into: into.clone(),
            places: places.clone(),
            window: !no_window,
            port: *port,
        }),
        Command::Deviation(args) => args.run(),
        Command::Check { package } => check::check(package),
    };
    match outcome {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("venue-importer: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Metres in a unit, by its name or as a number.
pub(crate) fn unit(text: &str) -> Result<f64, String> {
    match text {
        "m" => Ok(1.0),
        "cm" => Ok(0.01),
        "mm" => Ok(0.001),
        "in" => Ok(0.0254),
        "ft" => Ok(0.3048),
        // The survey foot of the United States, exactly 1200/3937 m.
        "us-ft" => Ok(1200.0 / 3937.0),
        number => match number.parse::<f64>() {
            Ok(metres) if metres.is_finite() && metres > 0.0 => Ok(metres),
            _ => Err("say m, cm, mm, in, ft, us-ft, or metres as a number".into()),
        },
    }
}

/// Who is told how far it is, and where.
fn teller(quiet: bool, json: bool) -> Teller {
    match (quiet, json) {
        (true, _) => Teller::new(Style::Quiet, Box::new(std::io::sink())),
        (_, true) => Teller::new(Style::Json, Box::new(std::io::stdout())),
        _ => Teller::new(Style::suitable(), Box::new(std::io::stderr())),
    }
}

/// What is done when a scan is imported.
#[derive(Clone, Copy)]
struct After {
    preview: bool,
    json: bool,
}

fn import_into(options: &import::Options, force: bool, teller: Teller, after: After) -> Result<String> {
    refuse_to_replace(&options.into, force)?;
    let report = import::run(options, &teller).inspect_err(|_| teller.clear())?;
    let pictures = pictures_of(&options.into, after.preview)?;
    let page = import::page::write(&report, &options.into, &pictures)?;
    if after.json {
        let mut told = report.json();
        told["event"] = "report".into();
        told["package"] = options.into.display().to_string().into();
        told["page"] = page.display().to_string().into();
        return Ok(format!("{told}\n"));
    }
    Ok(format!(
        "{report}\nwritten to {}; the report with a plan: {}\n",
        options.into.display(),
        page.display()
    ))
}

/// Pictures for the page of a package that was just made; none when none are wanted.
fn pictures_of(package: &Path, is_wanted: bool) -> Result<Vec<preview::PagePicture>> {
    if !is_wanted {
        return Ok(Vec::new());
    }
    let drawn = preview::run(package, &preview::folder_of(package));
    // The package is there and good; only its pictures are missing.
    let drawn = drawn.with_context(|| format!("{} is written, but without pictures", package.display()))?;
    drawn.for_page(package)
}

fn preview_into(package: &Path, into: Option<&Path>) -> Result<String> {
    let folder = into.map_or_else(|| preview::folder_of(package), Path::to_owned);
    preview::run(package, &folder)?.text(package)
}

fn place_into(package: &Path, with: &Path) -> Result<String> {
    let report = import::place::run(package, with, &import::Quiet)?;
    Ok(format!("{report}\nwritten to {}\n", package.display()))
}

fn refuse_to_replace(into: &Path, force: bool) -> Result<()> {
    recover_directory(into).context("what an earlier, interrupted run left behind could not be mended")?;
    if into.join("venue.json").exists() && !force {
        bail!(
            "{} holds a package already; add --force to replace it, or name another folder",
            into.display()
        );
    }
    Ok(())
}

fn pack_into(input: &Path, into: &Path, force: bool, near: Codec, preview: bool) -> Result<String> {
    refuse_to_replace(into, force)?;
    let source = read::read_file(input)?;
    let settings = Settings { near, ..Settings::default() };
    let scratch = tempfile::tempdir().context("no folder for scratch files could be made")?;
    let packed = pack::pack(&source, Making { settings: &settings, scratch: scratch.path() })?;
    write_directory(&packed.files, into).context("the package could not be written")?;
    let mut told = format!("{}\nwritten to {}", packed.report, into.display());
    if preview {
        let page = import::page::write(&packed.report, into, &pictures_of(into, true)?)?;
        told.push_str(&format!("; its page with pictures: {}", page.display()));
    }
    Ok(told + "\n")
}
