//! `cidrsubnet` and its like, of both families of addresses.

use std::net::IpAddr;

use super::Arguments;
use crate::terraform::hcl::eval::val::{Outcome, Val, fail};

pub fn call(arguments: &Arguments<'_>) -> Option<Outcome> {
    Some(match arguments.name {
        "cidrhost" => host(arguments),
        "cidrnetmask" => netmask(arguments),
        "cidrsubnet" => subnet(arguments),
        "cidrsubnets" => subnets(arguments),
        _ => return None,
    })
}

/// A network, its address as a number from the left.
struct Network {
    four: bool,
    address: u128,
    length: u32,
}

impl Network {
    fn read(text: &str) -> Outcome<Network> {
        let parsed = text.split_once('/').and_then(|(address, length)| {
            let canonical = length == "0" || !length.starts_with(['0', '+']);
            Some((address.parse::<IpAddr>().ok()?, length.parse::<u32>().ok().filter(|_| canonical)?))
        });
        match parsed {
            Some((IpAddr::V4(address), length)) if length <= 32 => {
                Ok(Network { four: true, address: u128::from(u32::from(address)), length }.masked())
            }
            Some((IpAddr::V6(address), length)) if length <= 128 => {
                Ok(Network { four: false, address: u128::from(address), length }.masked())
            }
            _ => fail("a network in CIDR notation was expected"),
        }
    }

    fn bits(&self) -> u32 {
        if self.four { 32 } else { 128 }
    }

    fn masked(mut self) -> Self {
        self.address &= self.mask();
        self
    }

    fn mask(&self) -> u128 {
        let all = if self.four { u128::from(u32::MAX) } else { u128::MAX };
        all & !span(self.bits() - self.length)
    }

    fn show(&self, address: u128) -> String {
        match (self.four, u32::try_from(address)) {
            (true, Ok(address)) => std::net::Ipv4Addr::from(address).to_string(),
            _ => std::net::Ipv6Addr::from(address).to_string(),
        }
    }

    fn within(&self, more: u32, number: u128) -> Outcome<Network> {
        let length = self.length + more;
        if length > self.bits() || number > span(more) {
            return fail("the network is too small for that");
        }
        let shifted = if self.bits() == length { number } else { number.checked_shl(self.bits() - length).unwrap_or_default() };
        Ok(Network { four: self.four, address: self.address | shifted, length })
    }

    fn text(&self) -> Val {
        Val::text(format!("{}/{}", self.show(self.address), self.length))
    }
}

/// So many bits, all set.
fn span(bits: u32) -> u128 {
    1_u128.checked_shl(bits).map_or(u128::MAX, |power| power - 1)
}

fn bits(arguments: &Arguments<'_>, at: usize) -> Outcome<u32> {
    match u32::try_from(arguments.integer(at)?) {
        Ok(bits) if bits <= 128 => Ok(bits),
        _ => fail("a number of bits was expected"),
    }
}

fn host(arguments: &Arguments<'_>) -> Outcome {
    let network = Network::read(&arguments.text(0)?)?;
    let number = arguments.integer(1)?;
    let all = span(network.bits() - network.length);
    let magnitude = u128::from(number.unsigned_abs());
    let host = if number < 0 {
        if magnitude > all.saturating_add(1) {
            return fail("the network is too small for that");
        }
        // Counted from the end.
        all - (magnitude - 1)
    } else {
        magnitude
    };
    if host > all {
        return fail("the network is too small for that");
    }
    Ok(Val::text(network.show(network.address | host)))
}

fn netmask(arguments: &Arguments<'_>) -> Outcome {
    let network = Network::read(&arguments.text(0)?)?;
    if !network.four {
        return fail("cidrnetmask() of an IPv6 network");
    }
    Ok(Val::text(network.show(network.mask())))
}

fn subnet(arguments: &Arguments<'_>) -> Outcome {
    let network = Network::read(&arguments.text(0)?)?;
    let Ok(number) = u128::try_from(arguments.integer(2)?) else { return fail("cidrsubnet() with a number below zero") };
    Ok(network.within(bits(arguments, 1)?, number)?.text())
}

/// Networks one after the other, each at the next place that suits its size.
fn subnets(arguments: &Arguments<'_>) -> Outcome {
    let network = Network::read(&arguments.text(0)?)?;
    let mut free = network.address;
    let mut spent = false;
    let mut made = Vec::new();
    for at in 1..arguments.values.len() {
        let length = network.length + bits(arguments, at)?;
        if length > network.bits() || length == network.length && at > 1 {
            return fail("the network is too small for that");
        }
        let inside = span(network.bits() - length);
        let start = if free & inside == 0 { Some(free) } else { free.checked_add(inside).map(|next| next & !inside) };
        let Some(start) = start.filter(|start| !spent && start & network.mask() == network.address) else {
            return fail("the network is too small for that");
        };
        made.push(Network { four: network.four, address: start, length }.text());
        match start.checked_add(inside).and_then(|end| end.checked_add(1)) {
            Some(next) => free = next,
            None => spent = true,
        }
    }
    Ok(Val::list(made))
}
