/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * modes.h - parameters of a payload that set the VM up: how it idles, how it
 * sends IPIs, its pages (guest-firmware/abi/modes.h).  Beside them are the
 * options --halt-poll, --disable-exits, --xapic and --page-size; the two are
 * joined here.
 */
#ifndef VMM_SETUP_MODES_H
#define VMM_SETUP_MODES_H

#include "guest-firmware/abi/payload.h"
#include "vmm/host/kvm.h"
#include "vmm/payload/params.h"
#include "vmm/setup/config.h"

/*
 * What the parameters ask for, into the configuration; and what the options
 * ask for into the parameters that they contradict by default.  Dies when both
 * were said and do not fit.
 */
void modes_apply(struct config *config, const struct payload_note *note,
		 struct param_setting *settings);

/*
 * Dies when this KVM lacks what is asked for, naming what it offers.  May
 * choose another way to the same end in the configuration.
 */
void modes_settle(const struct kvm *kvm, struct config *config,
		  const struct payload_note *note,
		  const struct param_setting *settings);

/*
 * Does this KVM offer that choice of a parameter that sets the VM up?  True
 * for any other parameter.
 */
bool mode_offered(const struct kvm *kvm, const struct param_desc *d,
		  uint64_t choice);

/* Are all of the settings offered? */
bool modes_offered(const struct kvm *kvm, const struct payload_note *note,
		   const struct param_setting *settings);

#endif
