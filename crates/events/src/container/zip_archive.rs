//! The members of a `.zip`.

use std::io::BufReader;
use std::ops::ControlFlow;
use std::sync::Arc;

use zip::read::{Config, ZipReadOptions};
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;

use super::InputReader;
use super::limit::LimitedReader;
use super::packing::Layer;
use super::source::{Bytes, ReadSeek};
use crate::format::HEAD_LEN;

impl InputReader<'_, '_> {
    /// Spec: TEL-34, TEL-35
    pub(super) fn zip(&mut self, input: &mut dyn ReadSeek, file: &Arc<str>) -> ControlFlow<()> {
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
                Ok(content) => {
                    let mut content = LimitedReader::new(content, self.limit, self.options);
                    self.open(Bytes::Stream(&mut content), &name, Layer::Member)?;
                }
                Err(error) => {
                    let what = format!("cannot be unpacked: {error}");
                    self.fault(&name, &what, "unpack it yourself, and name the file")?;
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
        self.fault(file, &what, "unpack it, and name the files in it")
    }
}
