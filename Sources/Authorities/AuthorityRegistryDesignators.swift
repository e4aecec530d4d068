extension AuthorityRegistry {
    /// The authority that a designator of HL7 v2 names.
    ///
    /// Valid are a namespace alone, a universal id with its type, or all three where they mean one domain (ITI TF-2,
    /// appendix E.3). Where unknown domains are accepted, a designator that nobody knows makes an authority of its own.
    ///
    /// - Throws: `DesignatorFault` where it names none.
    public func resolve(_ designator: Designator) throws(DesignatorFault) -> Authority {
        let (namespace, id, type) = (designator.namespace, designator.universalID, designator.type)
        guard !(namespace.isEmpty && id.isEmpty && type.isEmpty) else { throw .missing }
        guard id.isEmpty == type.isEmpty else { throw .incomplete }
        let byName = namespace.isEmpty ? nil : find(system: namespace)
        let byID = id.isEmpty ? nil : find(system: id) ?? find(system: AuthorityRegistry.uri(id, type))
        switch (byName, byID) {
        case (let named?, let identified?):
            guard named == identified else { throw .inconsistent }
            return named
        case (let named?, nil):
            // The namespace is known and the universal id means something else, or nothing at all.
            guard id.isEmpty else { throw .inconsistent }
            return named
        case (nil, let identified?):
            guard namespace.isEmpty || identified.name.isEmpty || unknown == .accept else { throw .inconsistent }
            return identified
        case (nil, nil):
            guard unknown == .accept else { throw .unknown }
            return AuthorityRegistry.made(from: designator)
        }
    }

    /// How a system is told in HL7 v2, all parts that are known.
    public func designator(_ system: String) -> Designator {
        guard let authority = find(system: system) else { return AuthorityRegistry.plainDesignator(system) }
        let rest = authority.oid.isEmpty ? AuthorityRegistry.plainDesignator(authority.uri) : nil
        return Designator(
            namespace: authority.name,
            universalID: rest?.universalID ?? authority.oid,
            type: rest?.type ?? "ISO"
        )
    }

    private static func made(from designator: Designator) -> Authority {
        let uri =
            designator.universalID.isEmpty
            ? Authority.namespacePrefix + designator.namespace : uri(designator.universalID, designator.type)
        return Authority(
            name: designator.namespace,
            uri: uri,
            oid: isOID(designator.universalID) ? designator.universalID : ""
        )
    }

    private static func plainDesignator(_ system: String) -> Designator {
        if system.hasPrefix(Authority.namespacePrefix) {
            return Designator(namespace: String(system.dropFirst(Authority.namespacePrefix.count)))
        }
        if system.hasPrefix(Authority.oidPrefix) {
            return Designator(universalID: String(system.dropFirst(Authority.oidPrefix.count)), type: "ISO")
        }
        return Designator(universalID: system, type: "URI")
    }

    private static func uri(_ id: String, _ type: String) -> String {
        isOID(id) && type == "ISO" ? Authority.oidPrefix + id : id
    }
}
