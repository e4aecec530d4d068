import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// Runs one service until SIGTERM or SIGINT asks it to end.
enum ServiceRun {
    /// Runs a service and turns its failure into one line.
    ///
    /// - Throws: `ExitCode.failure` after the line was written.
    static func run(_ service: some Service, logger: Logger) async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(
                        service: service,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .cancelGroup
                    )
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "tessera.lifecycle") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        do {
            try await group.run()
        } catch {
            logger.error("cannot go on", metadata: ["reason": "\(error)"])
            FileHandle.standardError.write(Data("tessera: \(error)\n".utf8))
            throw ExitCode.failure
        }
    }
}
