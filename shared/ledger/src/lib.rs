//! Credits: wallet, lots, holds, settlement, prices and plans as pure rules.
