import Foundation
import Logging
import ShardStore

/// Where the keys of the encryption are read, at the start and again while a store works.
enum EncryptionKeys: Equatable {
    /// A file that nobody but its owner may read.
    case file(String)
    /// A command of the shell that prints them.
    case command(String)

    /// Why there are no keys; never holds one.
    struct Refusal: Error, CustomStringConvertible {
        var description: String
    }

    /// Between looks at the file.
    private static let filePause: Duration = .seconds(2)
    /// Between runs of the command, which may ask another machine.
    private static let commandPause: Duration = .seconds(300)
    /// Bytes of keys at most: 64 lines with remarks.
    private static let sizeLimit = 64 << 10
    /// Seconds that a command may take.
    private static let patience = 30

    /// Reads the keys.
    ///
    /// - Throws: `Refusal`, `StoreError.keys`.
    func keys() throws -> VaultKeys { try VaultKeys(parsing: try text()) }

    private func text() throws -> String {
        switch self {
        case .file(let path): return try Self.content(of: path)
        case .command(let command):
            return try Self.output(of: command)
        }
    }

    /// What stands in a file that its owner alone may read; a link to one, as secrets are often mounted, will do.
    private static func content(of path: String) throws -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw Refusal(description: "\(path), the keys of the encryption, cannot be read")
        }
        defer { try? file.close() }
        // Asked of what was opened: another file may stand at the path a moment later.
        var facts = stat()
        guard fstat(file.fileDescriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG,
            let data = try? file.read(upToCount: sizeLimit), let text = String(data: data, encoding: .utf8)
        else { throw Refusal(description: "\(path), the keys of the encryption, cannot be read") }
        guard facts.st_mode & 0o077 == 0 else {
            throw Refusal(description: "\(path) holds keys and others may read it: chmod 600 \(path)")
        }
        return text
    }

    private static func output(of command: String) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/timeout")
        process.arguments = ["\(patience)", "/bin/sh", "-c", command]
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch { throw Refusal(description: "the command for keys cannot be run") }
        let data = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0, process.terminationReason == .exit else {
            throw Refusal(description: "the command for keys ended with status \(process.terminationStatus)")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Reads the keys again and again until the task is cancelled: a new one holds from then on, and what is stored
    /// under older ones is written anew.
    ///
    /// - Parameters:
    ///   - vault: where they are put.
    ///   - stores: those that are open now; they are not kept, since a store that was mended is another one.
    ///   - logger: told of new keys.
    func watch(_ vault: Vault, _ stores: @Sendable () async -> [ShardStore], _ logger: Logger) async {
        let pause = if case .file = self { Self.filePause } else { Self.commandPause }
        var told = ""
        var isPending = await stores().contains(where: \.isUnderOlderKeys)
        while !Task.isCancelled {
            try? await Task.sleep(for: pause)
            let before = vault.current
            do {
                try vault.replace(try keys())
                told = ""
            } catch {
                // Said once: what is in memory goes on to be used.
                if told != "\(error)" { logger.error("keys were not taken", metadata: ["reason": "\(error)"]) }
                told = "\(error)"
            }
            if vault.current != before {
                logger.info("a new key encrypts from now on", metadata: ["key": "\(vault.current)"])
                isPending = true
            }
            guard isPending else { continue }
            let late = await stores().filter(\.isUnderOlderKeys)
            for store in late { store.reseal() }
            guard late.isEmpty else { continue }
            isPending = false
            logger.info("everything is encrypted under the newest key", metadata: ["key": "\(vault.current)"])
        }
    }
}
