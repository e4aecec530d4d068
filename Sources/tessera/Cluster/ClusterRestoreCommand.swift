internal import ArgumentParser
internal import Backups
internal import Coordinator
internal import Foundation
internal import Identifiers
internal import JSON
internal import ShardProtocol
internal import ShardService
internal import ShardStore
internal import Topology

/// `tessera cluster restore`: makes the stores of a new cluster from a backup.
struct ClusterRestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Makes the stores of a new cluster from a backup, with as many shards as are wanted.",
        discussion: """
            DIR/shard-1, DIR/shard-2 ... are made; DIR must not be there yet. Start the new cluster on them with \
            `cluster/up --dir DIR --shards N`, or with `tessera serve --data DIR`. Records, versions, golden \
            identifiers, redirects, decisions and the change feed are those of the backup.
            Exit status: 0 done; 1 the backup is not whole, or the stores could not be written.
            """
    )

    @Argument(help: ArgumentHelp("The directory of a backup.", valueName: "backup"))
    var backup: String

    @Option(help: ArgumentHelp("Where the stores are made.", valueName: "dir"))
    var to: String

    @Option(help: "How many shards.")
    var shards: Int = 1

    @Option(
        help: ArgumentHelp("The last write that is wanted; the last one of the backup if left out.", valueName: "n")
    )
    var through: UInt64?

    @OptionGroup(title: "Encryption at rest")
    var encryption: EncryptionOptions

    @Flag(help: "Answers one JSON value.")
    var json = false

    func validate() throws {
        guard (1...ShardID.limit).contains(shards) else {
            throw ValidationError("--shards must be 1 to \(ShardID.limit)")
        }
    }

    func run() async throws {
        guard !FileManager.default.fileExists(atPath: to) else {
            throw CommandFailure("\(to) is there already: a backup is restored to a place of its own")
        }
        let report = BackupVerifier.verify(directory: backup)
        if let fault = report.faults.first { throw CommandFailure("\(backup): \(fault)") }
        let draft = to + ".partial"
        try? FileManager.default.removeItem(atPath: draft)
        do {
            let restored = try await restore(into: draft)
            try FileManager.default.moveItem(atPath: draft, toPath: to)
            tell(restored)
        } catch let fault as BackupFault {
            throw CommandFailure("\(backup): \(fault)")
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure("\(to): \(error)")
        }
    }

    private func restore(into directory: String) async throws -> Restoration {
        var reader = try BackupReader(directory: backup)
        let manifest = reader.manifest
        let limit = through.map { Sequence($0) } ?? manifest.through
        guard limit >= manifest.cut.cut, limit <= manifest.through else {
            throw CommandFailure(
                "--through \(limit): this backup holds writes \(manifest.cut.cut) to \(manifest.through)"
            )
        }
        let settings = "\(backup)/settings"
        let vault = try encryption.vault()
        let stores = try (1...shards).map { try ShardStore(directory: "\(directory)/shard-\($0)", vault: vault) }
        if FileManager.default.fileExists(atPath: settings) {
            try FileManager.default.copyItem(atPath: settings, toPath: "\(directory)/settings")
        }
        let groups = (0..<shards).map { number in
            ShardGroup(
                id: ShardID(UInt16(number)),
                replicas: [Replica(name: "shard-\(number + 1)", address: ClusterSeed.embeddedAddress)]
            )
        }
        var restoration = Restoration(
            map: try ClusterMap(evenly: groups),
            shards: stores.map { InProcessShard($0) },
            after: manifest.cut.start
        )
        while let frame = try reader.next() {
            if frame.kind == .batch, frame.last > limit { break }
            try await restoration.take(frame)
        }
        try await restoration.finish()
        for store in stores { await store.close() }
        return restoration
    }

    private func tell(_ restoration: Restoration) {
        if json {
            Report.json([
                "directory": .string(to), "shards": .number(JSONNumber(shards)),
                "through": .number(JSONNumber(Int(restoration.through.rawValue))),
            ])
        } else {
            Report.text(["restored through write \(restoration.through) into \(shards) shards below \(to)"])
        }
    }
}
