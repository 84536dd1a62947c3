//! The words that KQL has: keywords, which are no names or not everywhere, and functions.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// The words that are never names without brackets.
const RESERVED: &str = "\
    3Dchart __contextual_datatable __crossCluster __crossDB __executeAndCache __id __isFuzzy __noWithSource \
    __packedColumn __projectAway __sourceColumnIndex and anomalychart areachart asc bagexpansion barchart \
    between boolean byte cachingpolicy callout cancel card char columnchart contains_cs containscs cycles \
    dataexport datascope date datetime decimal decodeblocks desc double dynamic encodingpolicy endswith \
    endswith_cs expandoutput extent_tags_retention external_data first flags float force_remote harddelete \
    hardretention has_all has_any has_cs hasprefix hasprefix_cs hassuffix hassuffix_cs hotcache int int16 \
    int32 int64 int8 isfuzzy journal ladderchart last like likecs linechart long missing nooptimization \
    notcontains notcontainscs notlike notlikecs or others pathformat piechart pivotchart project queries \
    query_results real relaxed restricted_view_access row_level_security rowstore rowstore_references \
    rowstore_sealinfo rowstorepolicy rowstores scatterchart seal seals shards simple softdelete \
    softretention stackedareachart startswith startswith_cs statistics storedqueryresultcontainers string \
    tablepurge time timechart timeline timepivot timespan treemap uint uint16 uint32 uint64 uint8 ulong \
    union uniqueid unrestrictedviewers views with_itemindex with_match_id with_step_name writeaheadlog";

/// The words that a column can be called, but not be referred to by, without brackets.
const ONLY_DECLARED: &str = "\
    accumulate as by contains datatable earliest externaldata find has in invoke latest materialize mdm of \
    print sample search set sql title to toscalar totable verbose viewers where";

/// The words that a column can be referred to by, but not be called, without brackets.
const ONLY_REFERRED: &str = "kind with_source withsource true True TRUE false False FALSE";

/// What a name is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// To call a column so.
    Column,
    /// To declare a name with `let`.
    Variable,
    /// To refer to something.
    Reference,
}

/// Each keyword, with the uses that it is no name for.
static KEYWORDS: LazyLock<HashMap<&str, &[Use]>> = LazyLock::new(|| {
    let words = |list: &'static str, uses: &'static [Use]| list.split(' ').map(move |word| (word, uses));
    let all = &[Use::Column, Use::Variable, Use::Reference];
    words(RESERVED, all)
        .chain(words(ONLY_DECLARED, &[Use::Variable, Use::Reference]))
        .chain(words(ONLY_REFERRED, &[Use::Column, Use::Variable]))
        .collect()
});

/// Whether a word cannot be used as a name without brackets.
///
/// Spec: QRY-03
pub(super) fn is_keyword(word: &str, used: Use) -> bool {
    let is_operator = word.starts_with('!') || word.ends_with('~') || word.contains(' ');
    is_operator || KEYWORDS.get(word).is_some_and(|uses| uses.contains(&used))
}

/// The functions of Kusto, also those that are not specified.
static FUNCTIONS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("functions.txt").split_whitespace().collect());

/// Whether Kusto has a function with this name.
///
/// Spec: QRY-11
pub(super) fn is_kusto_function(name: &str) -> bool {
    FUNCTIONS.contains(name)
}
