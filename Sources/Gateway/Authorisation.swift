/// The one place where a request is let in or turned away.
enum Authorisation {
    /// Tells who the caller is and whether the route is open to them.
    ///
    /// Every route is open to whoever reaches the port, which is loopback unless an operator says otherwise; where clients
    /// prove themselves by certificate, its name is the caller's.
    static func admit(_ caller: Caller, to route: Route) throws(DoorFault) -> Caller {
        caller
    }
}
