/// A file without its first lines: those that were dealt with before.
actor SkippingFile {
    private let file: any BulkFile
    private var lines: Int

    init(_ file: any BulkFile, lines: Int) {
        self.file = file
        self.lines = lines
    }

    /// The next bytes after the lines that are left out; `nil` at the end.
    func next() async throws(BulkSourceFault) -> [UInt8]? {
        while let bytes = try await file.next() {
            guard lines > 0 else { return bytes }
            var start = 0
            while lines > 0, let end = bytes[start...].firstIndex(of: 0x0A) {
                start = end + 1
                lines -= 1
            }
            if lines == 0, start < bytes.count { return Array(bytes[start...]) }
        }
        return nil
    }
}
