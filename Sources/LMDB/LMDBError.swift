internal import CLMDB
internal import Glibc

/// What LMDB answered where it did not do what it was asked.
public struct LMDBError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Kinds that callers tell apart.
    public enum Kind: Sendable, Equatable {
        /// The disk, or the map, has no room; the transaction was given up and nothing changed.
        case full
        /// The file is not one of LMDB, is damaged, or was written by another version of it.
        case damaged
        /// Everything else.
        case other
    }

    /// The kind.
    public let kind: Kind
    /// The number that LMDB or the system gave.
    public let code: Int32
    /// The call that failed.
    public let operation: String

    init(_ code: Int32, _ operation: String) {
        self.code = code
        self.operation = operation
        switch code {
        case MDB_MAP_FULL, ENOSPC, EDQUOT: kind = .full
        case MDB_CORRUPTED, MDB_INVALID, MDB_VERSION_MISMATCH, MDB_PAGE_NOTFOUND, MDB_PANIC: kind = .damaged
        default: kind = .other
        }
    }

    /// Says that the content of a file is not what its user wrote.
    ///
    /// - Parameter what: what was found.
    public init(damaged what: String) {
        kind = .damaged
        code = MDB_CORRUPTED
        operation = what
    }

    /// The call and LMDB's own words.
    public var description: String {
        "\(operation): \(String(cString: mdb_strerror(code))) (\(code))"
    }
}

/// Turns LMDB's result number into a thrown error.
@inline(__always)
func check(_ code: Int32, _ operation: StaticString) throws(LMDBError) {
    if code != 0 { throw LMDBError(code, "\(operation)") }
}

/// Insists on a handle, which LMDB always gives where it answers success.
func present(_ handle: OpaquePointer?, _ operation: StaticString) throws(LMDBError) -> OpaquePointer {
    guard let handle else { throw LMDBError(ENOMEM, "\(operation)") }
    return handle
}

extension UnsafeRawBufferPointer {
    /// Lends the buffer to LMDB, which reads it and nothing else.
    @inline(__always)
    var borrowedByLMDB: MDB_val {
        MDB_val(mv_size: count, mv_data: UnsafeMutableRawPointer(mutating: baseAddress))
    }

    /// Views what LMDB lent.
    @inline(__always)
    init(_ value: MDB_val) {
        self.init(start: value.mv_data, count: value.mv_size)
    }
}
