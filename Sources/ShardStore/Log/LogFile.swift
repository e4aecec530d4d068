/// One file of the log, written at offsets and made durable by `sync`.
public protocol LogFile: AnyObject {
    /// Bytes in the file.
    var size: Int { get }
    /// Writes bytes inside the file's size; durable only after `sync`.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StoreError)
    /// Makes everything written durable.
    func sync() throws(StoreError)
    /// Reads up to the buffer's length; returns how many bytes there were.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StoreError) -> Int
    /// Cuts the file, durably.
    func truncate(to size: Int) throws(StoreError)
}

/// The seam to the disk under the log: what the log needs of a directory.
///
/// Creating, renaming and removing are durable when they return.
public protocol LogDirectory: AnyObject {
    /// Names of all files, in order.
    func list() throws(StoreError) -> [String]
    /// Makes a file of zeros whose blocks are all written, so that writing into it later changes no metadata.
    func create(_ name: String, size: Int) throws(StoreError) -> any LogFile
    /// Opens a file that is there.
    func open(_ name: String) throws(StoreError) -> any LogFile
    /// Renames a file, replacing another.
    func rename(_ name: String, to new: String) throws(StoreError)
    /// Removes a file.
    func remove(_ name: String) throws(StoreError)
}
