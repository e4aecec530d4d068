/// Given names of one culture that are used for one another, as data.
///
/// All tables were written for Tessera from general knowledge of names; nothing was copied from other collections. They
/// are under the licence of the project. To add a culture, add a file with a table and name it in `all`; tables further
/// down widen the groups above them.
public struct NameTable: Sendable {
    /// Whose names these are.
    public let culture: String
    /// One group a line: folded names, separated by blanks.
    public let groups: [String]
    /// Where the table comes from.
    public let source: String
    /// Under which terms.
    public let licence: String

    init(culture: String, groups: [String]) {
        self.culture = culture
        self.groups = groups
        source = "written for Tessera from general knowledge"
        licence = "that of the project"
    }

    /// Every table, the most usual first.
    public static let all = [
        english, arabic, westAfrican, eastAfrican, ethiopian, lusophone, spanish, indic,
    ]
}
