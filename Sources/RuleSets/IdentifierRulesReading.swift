import Demographics
import Matching
import Yams

extension IdentifierRules {
    /// Reads the section `identifiers` of a rule file; a file without it says what is usual.
    init(_ node: Node?, at path: String, _ validation: inout RuleSetValidation) {
        guard let node else {
            self = .standard
            return
        }
        let names = IdentifierKind.allCases.map(\.name)
        var kinds = [IdentifierKind]()
        for (_, list) in validation.entries(node, at: path, required: ["unique"]) {
            guard let items = list.sequence else {
                validation.fault("\(path).unique", "expected a list of kinds, such as [national, passport]")
                continue
            }
            for item in items {
                let text = item.string ?? ""
                if let kind = IdentifierKind.allCases.first(where: { $0.name == text }) {
                    kinds.append(kind)
                } else {
                    let near = RuleSetValidation.nearest(to: text, in: names)
                    validation.fault("\(path).unique", "`\(text)` is no kind of identifier; did you mean `\(near)`?")
                }
            }
        }
        self.init(unique: kinds)
    }
}
