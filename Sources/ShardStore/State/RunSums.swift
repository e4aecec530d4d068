internal import Bytes
internal import Glibc

/// The checksums of a run's file, in a file beside it: damage is found without a reader's help, and named by its place.
///
///     0     4  "TSCS"
///     4     4  format 1
///     8     8  bytes of the run's file
///     16  4*n  CRC-32C of each 64 KiB of it
///     ..    4  CRC-32C of all before
struct RunSums: Equatable {
    /// What one checksum covers: small enough to name a place, large enough that the sums are nothing beside the file.
    static let blockBytes = 64 << 10
    static let filePrefix = "sums-"
    private static let magic: UInt32 = 0x5343_5354
    private static let format: UInt32 = 1
    private static let headBytes = 16

    private let fileBytes: UInt64
    private let blocks: [UInt32]

    init(of file: UnsafeRawBufferPointer) {
        fileBytes = UInt64(file.count)
        blocks = stride(from: 0, to: file.count, by: Self.blockBytes).map { Self.sum(of: file, at: $0) }
    }

    /// Reads what `encoded` writes; `nil` where it was damaged itself, or is of another format.
    init?(decoding bytes: [UInt8]) {
        let content = bytes.count - 4
        guard content >= Self.headBytes, content % 4 == 0 else { return nil }
        let numbers: [UInt32] = bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 4).map {
                UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self))
            }
        }
        guard numbers[0] == Self.magic, numbers[1] == Self.format,
            numbers[numbers.count - 1] == CRC32C.checksum([UInt8](bytes[..<content]))
        else { return nil }
        fileBytes = UInt64(numbers[2]) | UInt64(numbers[3]) << 32
        blocks = Array(numbers[4..<(numbers.count - 1)])
        guard
            UInt64(blocks.count) == fileBytes / UInt64(Self.blockBytes)
                + (fileBytes % UInt64(Self.blockBytes) > 0 ? 1 : 0)
        else { return nil }
    }

    var encoded: [UInt8] {
        var writer = ByteWriter(capacity: Self.headBytes + 4 * blocks.count + 4)
        writer.write(Self.magic)
        writer.write(Self.format)
        writer.write(fileBytes)
        for block in blocks { writer.write(block) }
        writer.write(CRC32C.checksum(writer.bytes))
        return writer.bytes
    }

    /// How many checksums there are.
    var count: Int { blocks.count }

    /// The first of some blocks that is not what was written, as its place in the file.
    func damage(in file: UnsafeRawBufferPointer, blocks range: Range<Int>) -> Int? {
        guard UInt64(file.count) == fileBytes else { return min(file.count, Int(clamping: fileBytes)) }
        let first = range.clamped(to: 0..<blocks.count)
            .first { Self.sum(of: file, at: $0 * Self.blockBytes) != blocks[$0] }
        return first.map { $0 * Self.blockBytes }
    }

    private static func sum(of file: UnsafeRawBufferPointer, at offset: Int) -> UInt32 {
        CRC32C.checksum(UnsafeRawBufferPointer(rebasing: file[offset..<min(offset + blockBytes, file.count)]))
    }

    // MARK: Files

    /// Where the checksums of a run's file are.
    static func path(_ run: String) -> String {
        let name = run.split(separator: "/").last.map(String.init) ?? run
        let number = name.dropFirst(Run.filePrefix.count).dropLast(Run.fileSuffix.count)
        return run.dropLast(name.count) + filePrefix + number + ".crc"
    }

    /// Writes them for a file that is finished, durably but for the name.
    static func write(for run: String) throws(StoreError) {
        let sums = try MappedFile(run, isRandom: false).read { RunSums(of: $0) }.encoded
        let path = path(run)
        let opened = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw .last("create", path) }
        let file = DiskLogFile(descriptor: opened, name: path, size: 0)
        try sums.withBytes { bytes throws(StoreError) in try file.write(bytes, at: 0) }
        try file.sync()
    }

    /// Reads them; `nil` where there are none that can be believed, as beside a run of an older program.
    static func read(for run: String) -> RunSums? {
        guard let file = try? MappedFile(path(run), isRandom: false) else { return nil }
        return RunSums(decoding: file.read { [UInt8]($0) })
    }

    /// Insists that a run is what was written, where its checksums are there.
    ///
    /// - Throws: `StoreError.damaged`.
    static func check(_ run: Run) throws(StoreError) {
        guard let sums = read(for: run.path) else { return }
        if let place = run.damage(by: sums, blocks: 0..<sums.count) { throw damaged(run.path, place) }
    }

    static func damaged(_ run: String, _ place: Int) -> StoreError { .damaged("\(run) is damaged at byte \(place)") }
}
