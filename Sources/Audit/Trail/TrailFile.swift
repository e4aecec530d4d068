/// A file of a trail as its writer sees it; tests put one in its place that fails.
protocol TrailFile: AnyObject {
    /// Its bytes.
    var size: Int { get }
    /// Writes behind the last byte; leaves nothing behind where it fails.
    func append(_ bytes: [UInt8]) throws(AuditError)
    /// Writes in place of everything.
    func replace(_ bytes: [UInt8]) throws(AuditError)
    /// Cuts everything behind a place off.
    func cut(at place: Int) throws(AuditError)
    /// Waits until everything is on the disk.
    func sync() throws(AuditError)
    /// Keeps other processes out.
    func lock() throws(AuditError)
}
