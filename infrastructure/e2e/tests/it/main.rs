//! Whole-system stories: the four binaries on real engines, used from outside and killed at will.
#![cfg(test)]

mod a_customer_at_a_glance;
mod a_new_service;
mod cancelling_an_order;
mod crowds;
mod in_xml;
mod nothing_leaks;
mod observing;
mod over_soap;
mod over_the_bus;
mod placing_an_order;
mod the_documents;
mod when_a_request_is_wrong;
mod when_a_service_is_down;
mod when_payment_is_refused;
mod when_the_broker_dies;
mod when_the_esb_dies;
mod world;
