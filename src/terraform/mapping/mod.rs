//! The table of Terraform's attributes and AWS's members: forwards for values, backwards for lines.
//! Belongs here: the rows' shape and how they are looked up. The rows stand in `backup`, `around` and `protected`.

mod around;
mod backup;
mod protected;

pub use protected::TYPES;

/// A resource type and what is read of it.
pub struct Kind {
    /// `aws_backup_vault`.
    pub name: &'static str,
    /// The collection of the snapshot's unit that it makes objects of, or whose objects it adds to.
    pub collection: &'static str,
    /// A block's row stands before those of its members.
    pub rows: &'static [Row],
}

/// One attribute or block, and where the snapshot has it.
#[derive(Debug, PartialEq)]
pub struct Row {
    /// Names of blocks and of the attribute, without list indexes: `rule.lifecycle.delete_after`.
    pub attribute: &'static str,
    /// The path in AWS's object: `Rules.Lifecycle.DeleteAfterDays`. Empty: AWS has no such member, and it is read for joining.
    pub member: &'static str,
    pub form: Form,
    pub unset: Unset,
}

/// How a value becomes a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Text,
    /// The ARN or id of a KMS key: one that is yet to be made is a key of the customer's, which no other reference is.
    Key,
    Number,
    /// A number whose zero means that it is not set: the provider does not send it.
    Nonzero,
    Decimal,
    Flag,
    /// A boolean that AWS writes as a text, and leaves out where it is false.
    FlagText,
    /// A set or list whose order means nothing.
    Texts,
    /// The JSON text of a policy.
    Document,
    Tags,
    /// An object of booleans.
    Flags,
    /// An object of texts.
    TextMap,
    /// An object, which AWS has as a list of `Name` and `Value`.
    Dimensions,
    /// A block that stands at most once.
    Block,
    Blocks,
    /// Several blocks that are one object of AWS's; their lists are joined.
    Joined,
    /// Not copied: an identity, what joins two resources, or what is worked out.
    Apart,
}

/// What stands for an attribute that is not set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Unset {
    Absent,
    /// The provider or AWS takes this.
    Text(&'static str),
    Number(i64),
    Flag(bool),
    /// The snapshot cannot do without it.
    Needed,
}

impl Row {
    const fn or_text(self, text: &'static str) -> Row {
        Row { unset: Unset::Text(text), ..self }
    }

    const fn or_number(self, number: i64) -> Row {
        Row { unset: Unset::Number(number), ..self }
    }

    const fn or_flag(self, flag: bool) -> Row {
        Row { unset: Unset::Flag(flag), ..self }
    }

    const fn needed(self) -> Row {
        Row { unset: Unset::Needed, ..self }
    }
}

const fn row(attribute: &'static str, member: &'static str, form: Form) -> Row {
    Row { attribute, member, form, unset: Unset::Absent }
}

/// All resource types that something is read of.
pub fn all() -> impl Iterator<Item = &'static Kind> {
    backup::KINDS.iter().chain(around::KINDS).chain(protected::KINDS)
}

/// The resource type's part of the table; `None` where nothing is read of it.
pub fn kind(name: &str) -> Option<&'static Kind> {
    all().find(|kind| kind.name == name)
}

/// The attributes and blocks that are read of the resource type, not those inside of blocks.
pub fn attributes(kind_name: &str) -> impl Iterator<Item = &'static str> {
    kind(kind_name).into_iter().flat_map(|kind| kind.rows).map(|row| row.attribute).filter(|name| !name.contains('.'))
}

/// Whether the table has this attribute or block of the resource type. Whatever else stands in a plan or state is not read.
pub fn keeps(kind_name: &str, attribute: &str) -> bool {
    kind(kind_name).is_some_and(|kind| kind.rows.iter().any(|row| row.attribute == attribute))
}

/// The attribute or block that sets a member of AWS's object, both as paths without list indexes.
pub fn backwards(kind_name: &str, member: &str) -> Option<&'static str> {
    let rows = kind(kind_name)?.rows;
    (!member.is_empty()).then(|| rows.iter().find(|row| row.member == member).map(|row| row.attribute))?
}

#[cfg(test)]
mod tests;
