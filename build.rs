//! The rules are embedded; a new file among them must rebuild the program.

fn main() {
    println!("cargo::rerun-if-changed=policies");
}
