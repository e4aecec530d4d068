import Logging

/// What a shard node is told by its configuration file.
struct ShardConfiguration {
    var name: String
    var listen: ListenAddress
    var data: String
    /// How coordinators prove that they are; `nil`: whoever reaches the port is believed.
    var members: MemberTLS?
    /// Where the keys come from under which the store is sealed; `nil`: it is in clear.
    var encryption: EncryptionKeys?
    var logLevel: Logger.Level

    /// Reads and checks a file.
    ///
    /// - Throws: `ConfigurationFile.Faults`, all at once.
    init(path: String) throws {
        var file = try ConfigurationFile(path: path)
        let name = file.require(file.string("name"), "name")
        let listen = file.require(file.address("listen"), "listen")
        let data = file.require(file.string("data"), "data")
        encryption = file.encryption()
        members = file.memberTLS()
        file.memberDoor(listen, "listen", members)
        logLevel = file.logLevel()
        try file.finish()
        guard let name, let listen, let data else { throw ConfigurationFile.Faults(path: path, faults: file.faults) }
        self.name = name
        self.listen = listen
        self.data = data
    }
}

extension ConfigurationFile {
    mutating func logLevel() -> Logger.Level {
        guard let text = string("log_level") else { return .info }
        guard let level = Logger.Level(rawValue: text) else {
            fault("`log_level` must be one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))")
            return .info
        }
        return level
    }
}
