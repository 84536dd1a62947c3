//! The members of a `.zip`.

use std::io::BufReader;
use std::ops::ControlFlow;
use std::sync::Arc;

use zip::read::{Config, ZipReadOptions};
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;
use zip::{CompressionMethod, SUPPORTED_COMPRESSION_METHODS};

use super::InputReader;
use super::joined_zips::{self, Start};
use super::limit::LimitedReader;
use super::packing::Layer;
use super::source::{Bytes, ReadSeek};
use crate::format::HEAD_LEN;

const UNPACK_ALL: &str = "unpack it, and name the files in it";
const UNPACK: &str = "unpack it yourself, and name the file";

impl InputReader<'_, '_> {
    /// Spec: TEL-34, TEL-35, TEL-94
    pub(super) fn zip(&mut self, input: &mut dyn ReadSeek, file: &Arc<str>) -> ControlFlow<()> {
        let (archives, before) = match joined_zips::archives(input) {
            Ok(archives) => archives,
            Err(error) => return self.not_zip(file, &error),
        };
        if before > 0 {
            let what = format!("its first {before} bytes are in no archive and are not read");
            self.fault(file, &what, UNPACK_ALL)?;
        }
        for archive in archives {
            self.zip_members(Start::new(input, archive.end), file)?;
            if archive.rest > 0 {
                let what = format!("{} bytes after a zip archive are not read", archive.rest);
                self.fault(file, &what, UNPACK_ALL)?;
            }
            if self.limit.is_exceeded() {
                break;
            }
        }
        ControlFlow::Continue(())
    }

    /// Reads the members of one archive.
    fn zip_members(&mut self, input: Start<'_>, file: &Arc<str>) -> ControlFlow<()> {
        let input = BufReader::with_capacity(HEAD_LEN, input);
        let mut archive = match ZipIterable::try_new(input, Config::default()) {
            Ok(archive) => archive,
            Err(error) => return self.not_zip(file, &error),
        };
        let members = match archive.files() {
            Ok(members) => members,
            Err(error) => return self.not_zip(file, &error),
        };
        for index in 0.. {
            let Some(member) = members.next() else {
                break;
            };
            let name = member.as_ref().ok().and_then(|member| Some(member.name().ok()?.into_owned()));
            let name = format!("{file}!{}", name.unwrap_or_else(|| format!("member {index}"))).into();
            match member
                .and_then(|member| member.with_reader(members.reader_mut(), ZipReadOptions::default()))
            {
                Ok(content) if content.is_dir() => {}
                Ok(content) if !SUPPORTED_COMPRESSION_METHODS.contains(&content.compression()) => {
                    let method = method_name(content.compression());
                    let what = format!("is compressed with {method}, which is not read in a zip archive");
                    self.fault(&name, &what, UNPACK)?;
                }
                Ok(content) => {
                    let mut content = LimitedReader::new(content, self.limit, self.options);
                    self.open(Bytes::Stream(&mut content), &name, Layer::Member)?;
                }
                Err(error) => {
                    let what = match error {
                        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
                            "is encrypted".to_owned()
                        }
                        error => format!("cannot be unpacked: {error}"),
                    };
                    self.fault(&name, &what, UNPACK)?;
                }
            }
            if self.limit.is_exceeded() {
                break;
            }
        }
        ControlFlow::Continue(())
    }

    fn not_zip(&mut self, file: &Arc<str>, error: &ZipError) -> ControlFlow<()> {
        let what = format!("cannot be read as a zip archive: {error}");
        self.fault(file, &what, UNPACK_ALL)
    }
}

fn method_name(method: CompressionMethod) -> &'static str {
    let names = [
        (CompressionMethod::LZMA, "LZMA"),
        (CompressionMethod::ZSTD, "Zstandard"),
        (CompressionMethod::XZ, "xz"),
        (CompressionMethod::PPMD, "PPMd"),
    ];
    let name = names.iter().find(|(other, _)| *other == method);
    name.map_or("an old or unknown method", |(_, name)| name)
}
