//! The addresses of the published specification.

/// Where the site of this build is published. The owner of the project fills it in, in the workspace's `Cargo.toml`.
const HOMEPAGE: &str = env!("CARGO_PKG_HOMEPAGE");

/// The address of the page of a clause, such as `https://…/spec/TRM-05.html`.
///
/// It is `None` if nobody has filled in where the site is published.
///
/// ```
/// let address = rulespec_check::site::clause("TRM-05");
/// assert!(address.is_none_or(|address| address.ends_with("/spec/TRM-05.html")));
/// ```
#[must_use]
pub fn clause(id: &str) -> Option<String> {
    clause_on(HOMEPAGE, id)
}

fn clause_on(homepage: &str, id: &str) -> Option<String> {
    let published = !homepage.is_empty() && !homepage.contains("//OWNER.");
    published.then(|| format!("{homepage}/spec/{id}.html"))
}

#[cfg(test)]
mod tests {
    use super::clause_on;

    #[test]
    fn a_clause_has_an_address_if_the_site_is_published() {
        let address = clause_on("https://rules.example", "TRM-05");
        assert_eq!(address.as_deref(), Some("https://rules.example/spec/TRM-05.html"));
        assert_eq!(clause_on("https://OWNER.github.io/rulespec", "TRM-05"), None);
        assert_eq!(clause_on("", "TRM-05"), None);
    }
}
