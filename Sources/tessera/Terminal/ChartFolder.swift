internal import Foundation

/// A folder that pictures are written to; it is made where it is missing.
struct ChartFolder {
    private let path: String

    /// Names the folder.
    init(_ path: String) { self.path = path }

    /// Writes pictures as `NAME.svg`.
    func write(_ pictures: [(name: String, svg: String)]) throws(CommandFailure) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure("cannot make the folder \(path): \(error.localizedDescription)")
        }
        for picture in pictures {
            var file = try OutputFile(path: "\(path)/\(picture.name).svg")
            try file.write(picture.svg)
            try file.finish()
        }
    }
}
