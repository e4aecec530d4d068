import Yams

extension AuthorityRegistry {
    /// Reads the authorities of a YAML file of version 1; all faults are told together.
    ///
    ///     version: 1
    ///     unknown: refuse
    ///     authorities:
    ///       - name: TEST
    ///         uri: http://ohie.org/test/test
    ///         oid: 2.16.840.1.113883.3.72.5.9.1
    ///         assigners: [clinic-a, "TEST_HARNESS|TEST"]
    ///
    /// - Throws: the faults, each with its path.
    public init(yaml: String) throws(AuthorityFaults) {
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch {
            throw AuthorityFaults(["not YAML: \(error)"])
        }
        guard let mapping = root?.mapping else { throw AuthorityFaults(["not a list of keys and values"]) }
        var faults: [String] = []
        Self.refuseUnknown(mapping, ["version", "unknown", "authorities"], at: "", &faults)
        if mapping["version"]?.int != 1 { faults.append("version: must be 1: this program knows no other") }
        var unknown = Unknown.accept
        if let node = mapping["unknown"] {
            if let value = node.string.flatMap(Unknown.init(rawValue:)) {
                unknown = value
            } else {
                faults.append("unknown: must be `accept` or `refuse`")
            }
        }
        var authorities: [Authority] = []
        for (index, node) in (mapping["authorities"]?.sequence ?? []).enumerated() {
            authorities.append(Self.authority(node, at: "authorities[\(index)]", &faults))
        }
        guard faults.isEmpty else { throw AuthorityFaults(faults) }
        try self.init(authorities, unknown: unknown)
    }

    private static func authority(_ node: Node, at path: String, _ faults: inout [String]) -> Authority {
        guard let mapping = node.mapping else {
            faults.append("\(path): must be keys and values")
            return Authority()
        }
        let known = ["name", "uri", "oid", "display", "aliases", "assigners", "lenient"]
        refuseUnknown(mapping, known, at: path + ".", &faults)
        func text(_ key: String) -> String {
            guard let node = mapping[key] else { return "" }
            guard let scalar = node.scalar?.string, !scalar.isEmpty else {
                faults.append("\(path).\(key): must be a text")
                return ""
            }
            return scalar
        }
        func texts(_ key: String) -> [String] {
            guard let node = mapping[key] else { return [] }
            guard let items = node.sequence?.map({ $0.scalar?.string ?? "" }), !items.contains("") else {
                faults.append("\(path).\(key): must be a list of texts")
                return []
            }
            return items
        }
        var isLenient = false
        if let node = mapping["lenient"] {
            if let value = node.bool {
                isLenient = value
            } else {
                faults.append("\(path).lenient: must be true or false")
            }
        }
        return Authority(
            name: text("name"),
            uri: text("uri"),
            oid: text("oid"),
            display: text("display"),
            aliases: texts("aliases"),
            assigners: texts("assigners"),
            isLenient: isLenient
        )
    }

    private static func refuseUnknown(
        _ mapping: Node.Mapping,
        _ known: [String],
        at path: String,
        _ faults: inout [String]
    ) {
        for (key, _) in mapping where !known.contains(key.string ?? "") {
            faults.append("\(path)\(key.string ?? "?"): is not known; known are \(known.joined(separator: ", "))")
        }
    }
}
