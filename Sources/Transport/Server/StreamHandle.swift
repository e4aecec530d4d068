/// One stream of one connection, seen from any thread.
struct StreamHandle: Sendable {
    let mailbox: CommandMailbox<ServerCommand>
    let stream: Int32

    func post(_ action: ServerCommand.Action) {
        mailbox.post(ServerCommand(stream: stream, action: action))
    }
}
