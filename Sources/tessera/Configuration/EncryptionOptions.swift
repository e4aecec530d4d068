import ArgumentParser
import ShardStore

/// Where the keys come from under which stores are sealed.
struct EncryptionOptions: ParsableArguments {
    @Option(help: "A file of keys under which logs and rows are encrypted; in clear without.")
    var encryptionKeys: String?

    @Option(help: "A command that prints such keys, in place of a file.")
    var encryptionKeysCommand: String?

    func validate() throws {
        if let fault { throw ValidationError(fault) }
    }

    /// What does not go together.
    var fault: String? {
        guard encryptionKeys != nil, encryptionKeysCommand != nil else { return nil }
        return "the keys of the encryption come from a file or from a command, not from both"
    }

    /// The keys as they are now; `nil` where nothing is encrypted.
    ///
    /// - Throws: `EncryptionKeys.Refusal`, `StoreError.keys`.
    func vault() throws -> Vault? { try source.map { Vault(try $0.keys()) } }

    /// Where the keys are; `nil` where nothing is encrypted.
    var source: EncryptionKeys? {
        encryptionKeys.map { .file($0) } ?? encryptionKeysCommand.map { .command($0) }
    }
}

extension ConfigurationFile {
    /// The keys `encryption_keys` and `encryption_keys_command`.
    mutating func encryption() -> EncryptionKeys? {
        var options = EncryptionOptions()
        options.encryptionKeys = string("encryption_keys")
        options.encryptionKeysCommand = string("encryption_keys_command")
        if let fault = options.fault { self.fault(fault) }
        return options.source
    }
}
