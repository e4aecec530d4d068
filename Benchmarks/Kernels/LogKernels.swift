import Identifiers
import ShardStore

/// Making records durable, 256 with one sync.
enum LogKernels {
    static let all = [append]

    private static let groups = 16
    private static let group = 256
    /// A document of 1.2 KB with its rows and postings.
    private static let recordBytes = 2_560

    private static let append = Kernel(name: "wal-append", item: "2.5 KB in a group of 256", items: 16 * 256) {
        let scratch = try ScratchDirectory()
        let (log, _) = try RecoveredStore.open(
            StoreConfiguration(),
            log: try DiskLogDirectory(path: scratch.path + "/log"),
            state: try TieredState(directory: scratch.path + "/state"),
            salt: 1
        )
        let payload = (0..<recordBytes).map { UInt8(truncatingIfNeeded: $0 &* 61) }
        let entries = (0..<group).map { number in
            LogEntry(kind: .commit, epoch: Epoch(1), message: UInt64(number), payload: payload)
        }
        return {
            // The directory lasts as long as the round that writes into it.
            try withExtendedLifetime(scratch) {
                for _ in 0..<groups { _ = try log.append(entries) }
                try log.cut(through: log.durable)
                return log.durable
            }
        }
    }
}
